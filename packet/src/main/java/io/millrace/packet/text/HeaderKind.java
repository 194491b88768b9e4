package io.millrace.packet.text;

/// The headers that are printed, each with the word in front of its fields. What is not among them is payload.
enum HeaderKind {

    ETHERNET("Ethernet"),
    VLAN("vlan"),
    MPLS("MPLS"),
    PPPOE("PPPoE"),
    ARP("ARP"),
    IPV4("IPv4"),
    IPV6("IPv6"),
    HOP_BY_HOP("HBH"),
    DESTINATION_OPTIONS("DSTOPT"),
    ROUTING("RT6"),
    FRAGMENT("frag"),
    AUTHENTICATION("AH"),
    TCP("TCP"),
    QUOTED_TCP("TCP"),
    UDP("UDP"),
    SCTP("SCTP"),
    ICMP("ICMP"),
    ICMPV6("ICMP6"),
    GRE("GRE"),
    VXLAN("VXLAN"),
    GENEVE("Geneve"),
    GTPU("GTP-U");

    private final String title;

    HeaderKind(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    boolean isIp() {
        return this == IPV4 || this == IPV6;
    }

    boolean hasPorts() {
        return this == TCP || this == QUOTED_TCP || this == UDP || this == SCTP;
    }

    /// What a line about the whole packet says in front of the fields: tcpdump leaves out the words that everybody
    /// sees from the fields.
    String prefix() {
        return switch (this) {
            case ETHERNET, ARP, IPV4, IPV6, TCP, QUOTED_TCP -> "";
            case UDP -> "UDP, ";
            default -> title + " ";
        };
    }
}
