package io.millrace.checksum;

import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// The checksums of TCP, UDP, ICMP, ICMPv6 and IGMP over a whole packet, chains included: computed and stored, or
/// checked. `l3` and `l4` count from the packet's first byte; `l4Bytes` is the transport header with its payload, which
/// the caller has checked to be present. Headers lie in the packet's first slot.
///
/// The addresses are those of the IP header at `l3`. Where a routing header has segments left or a home address option
/// is present, they are not the ones that count.
public final class TransportChecksum {

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final PacketSum sums;

    public TransportChecksum(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.sums = new PacketSum(packets);
    }

    /// True if the stored checksum is right. A UDP checksum of 0 is not: what it means is the caller's to decide.
    public boolean isRight(int packet, int l3, int l4, int l4Bytes, int protocol) {
        return InternetChecksum.isRight(sums.sum(packet, l4, l4Bytes) + pseudo(packet, l3, l4Bytes, protocol));
    }

    /// The value that the field should hold, whatever it holds now; never 0 for UDP.
    public int compute(int packet, int l3, int l4, int l4Bytes, int protocol) {
        long sum = sums.sumAround(packet, l4, l4Bytes, l4 + ChecksumField.offset(protocol))
            + pseudo(packet, l3, l4Bytes, protocol);
        return protocol == IpProtocol.UDP ? InternetChecksum.finishNotZero(sum) : InternetChecksum.finish(sum);
    }

    /// Computes the checksum and stores it.
    public void fill(int packet, int l3, int l4, int l4Bytes, int protocol) {
        int checksum = compute(packet, l3, l4, l4Bytes, protocol);
        Wire.u16(memory, meta.frameAt(packet) + l4 + ChecksumField.offset(protocol), checksum);
    }

    private long pseudo(int packet, int l3, int l4Bytes, int protocol) {
        assert isSummed(protocol) : protocol;
        if (!ChecksumField.hasPseudoHeader(protocol)) return 0;
        return PseudoHeader.ofHeader(memory, meta.frameAt(packet) + l3, protocol, l4Bytes);
    }

    private static boolean isSummed(int protocol) {
        return switch (protocol) {
            case IpProtocol.ICMP, IpProtocol.IGMP, IpProtocol.TCP, IpProtocol.UDP, IpProtocol.ICMPV6 -> true;
            default -> false;
        };
    }
}
