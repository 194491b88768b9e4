package io.millrace.perf.bench;

import io.millrace.checksum.InternetChecksum;
import io.millrace.checksum.PseudoHeader;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.checksum.transmit.DeviceChecksums;
import io.millrace.gso.DeviceSegmentation;
import io.millrace.gso.GsoHelp;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// Super-packets of TCP over IPv4, 45 segments of 1,448 bytes, to be cut again and again: after each cut the same slots
/// are made the same super-packet again, which counts in what is measured. Nothing is copied in.
final class GsoTraffic {

    static final int SEGMENT_BYTES = 1448;
    private static final int SEGMENTS = 45;
    /// Together with what else a core needs they lie in its second cache.
    private static final int SUPER_PACKETS = 8;
    private static final int L3 = 14;
    private static final int L4 = L3 + 20;
    private static final int HEADER_BYTES = L4 + 32;
    private static final int TCP_FIELD = 16;
    private static final int SUPER_BYTES = HEADER_BYTES + SEGMENTS * SEGMENT_BYTES;

    private final PacketMemory packets = new PacketMemory(Arena.global(), SUPER_PACKETS * SEGMENTS + 64);
    private final MemorySegment memory = packets.segment();
    private final PacketMeta meta = new PacketMeta(packets);
    private final ChecksumRecord record = new ChecksumRecord(packets);
    private final PacketPool pool = new PacketPool(Arena.global(), packets);
    private final GsoHelp help = new GsoHelp(pool, 1);
    private final MemorySegment headers = Arena.global().allocate(HEADER_BYTES);
    private final int[] slots = new int[SUPER_PACKETS * SEGMENTS];
    private final int[] segments = new int[SEGMENTS];
    private final DeviceSegmentation device;
    private int next;

    /// @param isSumLeft the device fills in checksums; else they are computed here, which reads the payload
    GsoTraffic(boolean isSumLeft) {
        this.device = DeviceSegmentation.cutsNothing(isSumLeft ? DeviceChecksums.ANYTHING : DeviceChecksums.NOTHING);
        writeHeaders();
        var random = new Random(1);
        byte[] payload = new byte[SEGMENT_BYTES];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = pool.allocate();
            meta.begin(slots[i], SEGMENT_BYTES, 0, 0, 0);
            random.nextBytes(payload);
            Wire.copy(MemorySegment.ofArray(payload), 0, memory, payloadAt(slots[i]), SEGMENT_BYTES);
        }
    }

    private long payloadAt(int slot) {
        return packets.slotAt(slot) + PacketMemory.FRAME_AT + HEADER_BYTES;
    }

    private void writeHeaders() {
        Wire.u48(headers, 0, 0x020000000001L);
        Wire.u48(headers, 6, 0x020000000002L);
        Wire.u16(headers, 12, 0x0800);
        Wire.u16(headers, L3, 0x4500);
        Wire.u16(headers, L3 + 2, SUPER_BYTES - L3);
        Wire.u16(headers, L3 + 6, 0x4000);
        Wire.u16(headers, L3 + 8, 64 << 8 | IpProtocol.TCP);
        Wire.i32(headers, L3 + 12, 0x0a000001);
        Wire.i32(headers, L3 + 16, 0x0a000002);
        Wire.u16(headers, L4, 40_000);
        Wire.u16(headers, L4 + 2, 443);
        Wire.u16(headers, L4 + 12, 0x8018);
        Wire.i32(headers, L4 + 20, 0x0101080a);
        long pseudo = PseudoHeader.ofHeader(headers, L3, IpProtocol.TCP, SUPER_BYTES - L4);
        Wire.u16(headers, L4 + TCP_FIELD, InternetChecksum.fold(pseudo));
    }

    /// Cuts one super-packet; returns how many segments came of it.
    int cutNext() {
        int packet = link(next * SEGMENTS);
        next = next + 1 == SUPER_PACKETS ? 0 : next + 1;
        Verdict verdict = help.gsoHelp(packet, device, segments);
        if (verdict != Verdict.FORWARD) throw new IllegalStateException("the super-packet was refused: " + verdict);
        return help.count();
    }

    /// Makes a super-packet of the slots as merging leaves one.
    private int link(int firstIndex) {
        int packet = slots[firstIndex];
        for (int i = 1; i < SEGMENTS; i++) {
            int slot = slots[firstIndex + i];
            meta.slotBytes(slot, SEGMENT_BYTES);
            meta.dataAt(slot, PacketMemory.FRAME_AT + HEADER_BYTES);
            meta.next(slots[firstIndex + i - 1], slot);
        }
        meta.next(slots[firstIndex + SEGMENTS - 1], NONE);
        meta.last(packet, slots[firstIndex + SEGMENTS - 1]);
        meta.dataAt(packet, PacketMemory.FRAME_AT);
        meta.slotBytes(packet, HEADER_BYTES + SEGMENT_BYTES);
        meta.packetBytes(packet, SUPER_BYTES);
        meta.l3(packet, L3);
        meta.l4(packet, L4);
        meta.payload(packet, HEADER_BYTES);
        meta.end(packet, Math.min(SUPER_BYTES, 0xffff));
        meta.proto(packet, IpProtocol.TCP);
        meta.family(packet, 4);
        meta.recordCount(packet, 1);
        meta.gsoType(packet, GsoType.TCPV4);
        meta.gsoSize(packet, SEGMENT_BYTES);
        meta.gsoSegments(packet, SEGMENTS);
        Wire.copy(headers, 0, memory, meta.frameAt(packet), HEADER_BYTES);
        record.partial(packet, L4, TCP_FIELD);
        return packet;
    }

    /// Bytes of a segment's frame.
    static int frameBytes() {
        return HEADER_BYTES + SEGMENT_BYTES;
    }

    /// The first bytes of the segment cut last at `index`, for tests.
    byte[] segment(int index) {
        byte[] bytes = new byte[meta.packetBytes(segments[index])];
        Wire.copy(memory, meta.frameAt(segments[index]), MemorySegment.ofArray(bytes), 0, bytes.length);
        return bytes;
    }
}
