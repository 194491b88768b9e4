package io.millrace.control.offload;

import io.millrace.checksum.InternetChecksum;
import io.millrace.checksum.PacketSum;
import io.millrace.checksum.TransportChecksum;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.packet.header.GreView;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Fills in the checksums of a super-packet that is to be looked at and not to be cut: over all of it, so that other
/// tools find them right in a capture. In a dataplane they stay seeds until the packet is cut.
final class WholeChecksums {

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final ChecksumRecord record;
    private final PacketSum sums;
    private final TransportChecksum transports;

    WholeChecksums(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.record = new ChecksumRecord(packets);
        this.sums = new PacketSum(packets);
        this.transports = new TransportChecksum(packets);
    }

    /// From the innermost outwards, because outer sums cover inner ones. Leaves alone what is no parsed super-packet.
    void fill(int packet) {
        if (meta.gsoSize(packet) == 0 || record.state(packet) != ChecksumState.PARTIAL) return;
        int start = record.start(packet);
        int packetBytes = meta.packetBytes(packet);
        long sum = sums.sum(packet, start, packetBytes - start);
        Wire.u16(memory, meta.frameAt(packet) + record.fieldAt(packet), InternetChecksum.finishNotZero(sum));
        record.none(packet);
        int tunnelAt = meta.l4(packet);
        int tunnelBytes = packetBytes - tunnelAt;
        if ((meta.gsoType(packet) & GsoType.UDP_TUNNEL_CSUM) != 0) {
            transports.fill(packet, meta.l3(packet), tunnelAt, tunnelBytes, IpProtocol.UDP);
        }
        if ((meta.gsoType(packet) & GsoType.GRE_CSUM) != 0) {
            int fieldAt = tunnelAt + GreView.HEADER_BYTES_MIN;
            Wire.u16(memory, meta.frameAt(packet) + fieldAt,
                InternetChecksum.finish(sums.sumAround(packet, tunnelAt, tunnelBytes, fieldAt)));
        }
    }
}
