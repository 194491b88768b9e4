package io.millrace.flow.ruleset;

/// Where the offset of a payload expression counts from.
public enum PayloadBase {
    /// The Ethernet header; an 802.1Q tag is seen in its place on the wire.
    LINK("ll"),
    /// The IPv4, IPv6 or ARP header.
    NETWORK("nh"),
    /// The header behind IPv4 options and IPv6 extension headers; absent in later fragments.
    TRANSPORT("th"),
    /// The data of the transport protocol.
    INNER("ih");

    private final String text;

    PayloadBase(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
