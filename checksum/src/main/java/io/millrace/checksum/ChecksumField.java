package io.millrace.checksum;

import io.millrace.packet.header.IpProtocol;

/// Where the transports over IP keep their checksums.
public final class ChecksumField {

    /// The protocol has no checksum that is known here.
    public static final int NONE = -1;

    /// Bytes from the header's first byte to the field, or [#NONE].
    public static int offset(int protocol) {
        return switch (protocol) {
            case IpProtocol.ICMP, IpProtocol.IGMP, IpProtocol.ICMPV6 -> 2;
            case IpProtocol.GRE -> 4;
            case IpProtocol.UDP, IpProtocol.UDP_LITE, IpProtocol.DCCP -> 6;
            case IpProtocol.SCTP -> 8;
            case IpProtocol.TCP -> 16;
            default -> NONE;
        };
    }

    /// True if the checksum includes the addresses.
    public static boolean hasPseudoHeader(int protocol) {
        return switch (protocol) {
            case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.UDP_LITE, IpProtocol.DCCP, IpProtocol.ICMPV6 -> true;
            default -> false;
        };
    }

    private ChecksumField() {}
}
