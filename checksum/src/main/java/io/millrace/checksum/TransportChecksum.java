package io.millrace.checksum;

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

    public static final int ICMP = 1;
    public static final int IGMP = 2;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int ICMPV6 = 58;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final PacketSum sums;

    public TransportChecksum(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.sums = new PacketSum(packets);
    }

    /// True for the protocols whose checksum this class knows.
    public static boolean covers(int protocol) {
        return switch (protocol) {
            case ICMP, IGMP, TCP, UDP, ICMPV6 -> true;
            default -> false;
        };
    }

    /// True if the stored checksum is right. A UDP checksum of 0 is not: what it means is the caller's to decide.
    public boolean isRight(int packet, int l3, int l4, int l4Bytes, int protocol) {
        return InternetChecksum.isRight(sums.sum(packet, l4, l4Bytes) + pseudo(packet, l3, l4Bytes, protocol));
    }

    /// The value that the field should hold, whatever it holds now; never 0 for UDP.
    public int compute(int packet, int l3, int l4, int l4Bytes, int protocol) {
        long sum = sums.sumAround(packet, l4, l4Bytes, l4 + fieldOffset(protocol))
            + pseudo(packet, l3, l4Bytes, protocol);
        return protocol == UDP ? InternetChecksum.finishNotZero(sum) : InternetChecksum.finish(sum);
    }

    /// Computes the checksum and stores it.
    public void fill(int packet, int l3, int l4, int l4Bytes, int protocol) {
        int checksum = compute(packet, l3, l4, l4Bytes, protocol);
        Wire.u16(memory, meta.frameAt(packet) + l4 + fieldOffset(protocol), checksum);
    }

    /// Where the checksum lies in the header of a protocol that [#covers] knows.
    public static int fieldOffset(int protocol) {
        return switch (protocol) {
            case TCP -> 16;
            case UDP -> 6;
            default -> 2;
        };
    }

    private long pseudo(int packet, int l3, int l4Bytes, int protocol) {
        assert covers(protocol) : protocol;
        if (protocol == ICMP || protocol == IGMP) return 0;
        return PseudoHeader.ofHeader(memory, meta.frameAt(packet) + l3, protocol, l4Bytes);
    }
}
