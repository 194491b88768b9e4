package io.millrace.checksum.walk;

import io.millrace.packet.header.IpProtocol;

/// The checksums that a walk finds, in the order in which reports name them.
public enum ChecksumKind {

    IP("ip"),
    TCP("tcp"),
    UDP("udp"),
    UDP_LITE("udplite"),
    ICMP("icmp"),
    ICMPV6("icmpv6"),
    IGMP("igmp"),
    SCTP("sctp"),
    DCCP("dccp"),
    GRE("gre");

    private static final ChecksumKind[] ALL = values();

    public static final int COUNT = ALL.length;

    private final String label;

    ChecksumKind(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    static ChecksumKind of(int protocol) {
        return switch (protocol) {
            case IpProtocol.TCP -> TCP;
            case IpProtocol.UDP -> UDP;
            case IpProtocol.UDP_LITE -> UDP_LITE;
            case IpProtocol.ICMP -> ICMP;
            case IpProtocol.ICMPV6 -> ICMPV6;
            case IpProtocol.IGMP -> IGMP;
            case IpProtocol.SCTP -> SCTP;
            case IpProtocol.DCCP -> DCCP;
            case IpProtocol.GRE -> GRE;
            default -> throw new IllegalArgumentException("no checksum is known for IP protocol " + protocol);
        };
    }
}
