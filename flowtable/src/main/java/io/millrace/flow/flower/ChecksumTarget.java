package io.millrace.flow.flower;

/// A checksum that the action `csum` computes, in the order in which `tc` lists them.
public enum ChecksumTarget {
    IPV4_HEADER("iph"),
    /// Of ICMP, and of ICMPv6 in IPv6.
    ICMP("icmp"),
    IGMP("igmp"),
    TCP("tcp"),
    UDP("udp"),
    UDP_LITE("udplite"),
    SCTP("sctp");

    private final String word;

    ChecksumTarget(String word) {
        this.word = word;
    }

    public String word() { return word; }
}
