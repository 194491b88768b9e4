package io.millrace.packet.rss;

/// Kinds of packets whose hash fields are chosen apart, as ethtool names them. All other packets of an address family,
/// and all fragments, are hashed by their addresses.
public enum FlowType {

    TCP4("tcp4", 4, 6, "sdfn"),
    UDP4("udp4", 4, 17, "sd"),
    SCTP4("sctp4", 4, 132, "sd"),
    AH4("ah4", 4, 51, "sd"),
    ESP4("esp4", 4, 50, "sd"),
    TCP6("tcp6", 6, 6, "sdfn"),
    UDP6("udp6", 6, 17, "sd"),
    SCTP6("sctp6", 6, 132, "sd"),
    AH6("ah6", 6, 51, "sd"),
    ESP6("esp6", 6, 50, "sd");

    private final String label;
    private final int family;
    private final int proto;
    private final String standardLetters;

    FlowType(String label, int family, int proto, String standardLetters) {
        this.label = label;
        this.family = family;
        this.proto = proto;
        this.standardLetters = standardLetters;
    }

    /// As ethtool writes it.
    public String label()           { return label; }
    public int family()             { return family; }
    public int proto()              { return proto; }
    /// What most network cards begin with.
    public String standardLetters() { return standardLetters; }

    int addressBytes() {
        return family == 4 ? 4 : 16;
    }
}
