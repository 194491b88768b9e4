package io.millrace.checksum.transmit;

import io.millrace.checksum.InternetChecksum;
import io.millrace.checksum.PacketSum;
import io.millrace.checksum.PseudoHeader;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Local checksum offload: the checksum of a tunnel's outer header from the inner packet's headers alone, while the
/// inner transport checksum is still PARTIAL.
///
/// ```
///  | outer IP | UDP | VXLAN | Ethernet | IP | TCP … payload |
///               ^-- summed here --------->^ start: from here on the bytes will sum up to the complement of the seed
/// ```
///
/// Once the device has filled in the inner checksum, the bytes from its start to the end sum up to the complement of
/// what lies in the field now. So any number of outer checksums costs one device checksum, and no payload is read. The
/// packet stays PARTIAL for the inner one.
///
/// Offsets count from the packet's first byte.
public final class LocalChecksum {

    private static final int ALL_ONES = 0xffff;
    private static final int UDP_FIELD = 6;
    private static final int GRE_FIELD = 4;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final ChecksumRecord record;
    private final PacketSum sums;

    public LocalChecksum(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.record = new ChecksumRecord(packets);
        this.sums = new PacketSum(packets);
    }

    /// What the bytes from `outerL4` to the packet's end will sum up to. The packet is PARTIAL with a start behind.
    public long sum(int packet, int outerL4) {
        int start = record.start(packet);
        assert record.state(packet) == ChecksumState.PARTIAL;
        assert start >= outerL4 : start;
        int seed = Wire.u16(memory, meta.frameAt(packet) + record.fieldAt(packet));
        return InternetChecksum.join(sums.sum(packet, outerL4, start - outerL4), start - outerL4, ALL_ONES ^ seed);
    }

    /// Sets the checksum of an outer UDP header that was just written at `udpAt`, behind the IP header at `l3`, over
    /// all that follows: 0 where none is wanted, the seed of a packet still to be cut, a local sum where the inner
    /// checksum is PARTIAL, and otherwise PARTIAL itself.
    public void fillUdp(int packet, int l3, int udpAt, boolean isWanted) {
        long fieldAt = meta.frameAt(packet) + udpAt + UDP_FIELD;
        Wire.u16(memory, fieldAt, 0);
        if (!isWanted) return;
        int udpBytes = meta.packetBytes(packet) - udpAt;
        long pseudoSum = PseudoHeader.ofHeader(memory, meta.frameAt(packet) + l3, IpProtocol.UDP, udpBytes);
        if (meta.gsoSize(packet) != 0) {
            Wire.u16(memory, fieldAt, InternetChecksum.fold(pseudoSum));
        } else if (record.state(packet) == ChecksumState.PARTIAL) {
            Wire.u16(memory, fieldAt, InternetChecksum.finishNotZero(sum(packet, udpAt) + pseudoSum));
        } else {
            Wire.u16(memory, fieldAt, InternetChecksum.fold(pseudoSum));
            record.partial(packet, udpAt, UDP_FIELD);
        }
    }

    /// Sets the checksum of a GRE header with the C bit that was just written at `greAt`. Of a packet still to be cut
    /// it is left 0 for who cuts.
    public void fillGre(int packet, int greAt) {
        long fieldAt = meta.frameAt(packet) + greAt + GRE_FIELD;
        Wire.u16(memory, fieldAt, 0);
        if (meta.gsoSize(packet) != 0) return;
        if (record.state(packet) == ChecksumState.PARTIAL) {
            Wire.u16(memory, fieldAt, InternetChecksum.finish(sum(packet, greAt)));
        } else {
            record.partial(packet, greAt, GRE_FIELD);
        }
    }
}
