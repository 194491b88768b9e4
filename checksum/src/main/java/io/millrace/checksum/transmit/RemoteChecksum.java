package io.millrace.checksum.transmit;

import io.millrace.checksum.InternetChecksum;
import io.millrace.checksum.PacketSum;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Remote checksum offload: the sender leaves the inner checksum to the receiver and says in the tunnel's header where
/// it is. What protects the packet meanwhile is the outer UDP checksum, which must be there and right.
///
/// VXLAN (draft-herbert-vxlan-rco), behind the base, the first byte after the VXLAN header:
/// ```
///  flags, 32 bits: 0x00200000 is set       VNI, 24 bits | UDP? 1 bit | start / 2, 7 bits
/// ```
/// GUE (draft-herbert-remotecsumoffload): two 16-bit fields, start and where the checksum lies, both from the base.
///
/// Off unless both ends agree. Offsets count from the packet's first byte.
public final class RemoteChecksum {

    private static final int VXLAN_FLAG = 0x00200000;
    private static final int VXLAN_VNI = 4;
    private static final int VXLAN_HEADER_BYTES = 8;
    private static final int VXLAN_START_MAX = 254;
    private static final int IS_UDP = 0x80;
    private static final int UDP_FIELD = 6;
    private static final int TCP_FIELD = 16;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final ChecksumRecord record;
    private final PacketSum sums;

    public RemoteChecksum(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.record = new ChecksumRecord(packets);
        this.sums = new PacketSum(packets);
    }

    /// Hands the packet's PARTIAL to the receiver by the VXLAN header just written at `vxlanAt`: then the state is
    /// NONE, and the outer checksum covers the seed. False, and nothing changed, if VXLAN cannot say it.
    public boolean sendVxlan(int packet, int vxlanAt) {
        if (record.state(packet) != ChecksumState.PARTIAL || record.isCrc32c(packet)) return false;
        int start = record.start(packet) - vxlanAt - VXLAN_HEADER_BYTES;
        int offset = meta.checksumOffset(packet);
        if (start < 0 || start > VXLAN_START_MAX || (start & 1) != 0) return false;
        if (offset != UDP_FIELD && offset != TCP_FIELD) return false;
        long at = meta.frameAt(packet) + vxlanAt;
        Wire.i32(memory, at, Wire.i32(memory, at) | VXLAN_FLAG);
        Wire.u8(memory, at + VXLAN_VNI + 3, start >>> 1 | (offset == UDP_FIELD ? IS_UDP : 0));
        record.none(packet);
        return true;
    }

    /// Takes over what a sender left to do, if the VXLAN header at `vxlanAt` says so; the outer checksum was verified.
    /// False if it points outside the packet's first slot.
    public boolean receiveVxlan(int packet, int vxlanAt, boolean mayStayPartial) {
        long at = meta.frameAt(packet) + vxlanAt;
        if ((Wire.i32(memory, at) & VXLAN_FLAG) == 0) return true;
        int data = Wire.u8(memory, at + VXLAN_VNI + 3);
        int start = (data & ~IS_UDP) << 1;
        int offset = (data & IS_UDP) != 0 ? UDP_FIELD : TCP_FIELD;
        return takeOver(packet, vxlanAt + VXLAN_HEADER_BYTES, start, start + offset, mayStayPartial);
    }

    /// The same as [#sendVxlan] by the two GUE fields at `fieldsAt`, counted from `base`.
    public boolean sendGue(int packet, int fieldsAt, int base) {
        if (record.state(packet) != ChecksumState.PARTIAL || record.isCrc32c(packet)) return false;
        int start = record.start(packet) - base;
        if (start < 0) return false;
        long at = meta.frameAt(packet) + fieldsAt;
        Wire.u16(memory, at, start);
        Wire.u16(memory, at + 2, record.fieldAt(packet) - base);
        record.none(packet);
        return true;
    }

    public boolean receiveGue(int packet, int fieldsAt, int base, boolean mayStayPartial) {
        long at = meta.frameAt(packet) + fieldsAt;
        return takeOver(packet, base, Wire.u16(memory, at), Wire.u16(memory, at + 2), mayStayPartial);
    }

    private boolean takeOver(int packet, int base, int start, int fieldFromBase, boolean mayStayPartial) {
        int startAt = base + start;
        int fieldAt = base + fieldFromBase;
        if (fieldFromBase < start || fieldAt + 2 > meta.slotBytes(packet)) return false;
        if (mayStayPartial) return record.partial(packet, startAt, fieldFromBase - start);
        fillIn(packet, startAt, fieldAt);
        return true;
    }

    /// Derives the checksum from the sum of the packet, which is taken if nobody did before, and stores it.
    private void fillIn(int packet, int startAt, int fieldAt) {
        int restBytes = meta.packetBytes(packet) - startAt;
        long at = meta.frameAt(packet) + fieldAt;
        long seed = Wire.u16(memory, at);
        boolean isKnown = record.state(packet) == ChecksumState.COMPLETE && record.start(packet) <= startAt;
        if (!isKnown) record.completeBySoftware(packet, startAt, sums.sum(packet, startAt, restBytes));
        int frontBytes = startAt - record.start(packet);
        long front = sums.sum(packet, record.start(packet), frontBytes);
        long sum = InternetChecksum.without(meta.checksumSum(packet), front);
        int checksum = InternetChecksum.finish(InternetChecksum.join(0, frontBytes, sum));
        Wire.u16(memory, at, checksum);
        long delta = InternetChecksum.without(checksum, seed);
        int fromStart = fieldAt - record.start(packet);
        meta.checksumSum(packet,
            InternetChecksum.fold(InternetChecksum.join(meta.checksumSum(packet), fromStart, delta)));
    }
}
