package io.millrace.flow.ruleset;

/// The address family of a table: which packets its chains see.
public enum Family {
    IP("ip"), IP6("ip6"), INET("inet"), ARP("arp"), BRIDGE("bridge"), NETDEV("netdev");

    private final String text;

    Family(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /// Do the chains of this family see packets from their Ethernet header on?
    public boolean isLinkLayer() {
        return this == BRIDGE || this == NETDEV;
    }
}
