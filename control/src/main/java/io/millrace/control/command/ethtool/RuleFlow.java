package io.millrace.control.command.ethtool;

import io.millrace.packet.header.IpProtocol;

import java.util.Set;

/// What a receive rule is about, as ethtool names it: `flow-type`.
enum RuleFlow {

    ETHER("ether", "Raw Ethernet", 0, RuleFlow.ANY, Set.of("proto")),
    IP4("ip4", "Raw IPv4", 4, RuleFlow.ANY, Words.ADDRESSES),
    TCP4("tcp4", "TCP over IPv4", 4, IpProtocol.TCP, Words.PORTS),
    UDP4("udp4", "UDP over IPv4", 4, IpProtocol.UDP, Words.PORTS),
    SCTP4("sctp4", "SCTP over IPv4", 4, IpProtocol.SCTP, Words.PORTS),
    AH4("ah4", "IPSEC AH over IPv4", 4, IpProtocol.AUTHENTICATION, Words.SPI),
    ESP4("esp4", "IPSEC ESP over IPv4", 4, IpProtocol.ESP, Words.SPI),
    IP6("ip6", "Raw IPv6", 6, RuleFlow.ANY, Words.ADDRESSES),
    TCP6("tcp6", "TCP over IPv6", 6, IpProtocol.TCP, Words.PORTS),
    UDP6("udp6", "UDP over IPv6", 6, IpProtocol.UDP, Words.PORTS),
    SCTP6("sctp6", "SCTP over IPv6", 6, IpProtocol.SCTP, Words.PORTS),
    AH6("ah6", "IPSEC AH over IPv6", 6, IpProtocol.AUTHENTICATION, Words.SPI),
    ESP6("esp6", "IPSEC ESP over IPv6", 6, IpProtocol.ESP, Words.SPI);

    static final int ANY = -1;

    /// Words of a rule that the device's records have.
    private static final class Words {
        static final Set<String> ADDRESSES = Set.of("src-ip", "dst-ip", "l4proto");
        static final Set<String> PORTS = Set.of("src-ip", "dst-ip", "src-port", "dst-port");
        static final Set<String> SPI = Set.of("src-ip", "dst-ip", "spi");
    }

    private final String label;
    private final String title;
    private final int family;
    private final int proto;
    private final Set<String> fields;

    RuleFlow(String label, String title, int family, int proto, Set<String> fields) {
        this.label = label;
        this.title = title;
        this.family = family;
        this.proto = proto;
        this.fields = fields;
    }

    String label() { return label; }

    /// As `ethtool -n` calls it.
    String title() { return title; }

    /// 4, 6, or 0 for any.
    int family()   { return family; }

    /// The transport protocol, or [#ANY].
    int proto()    { return proto; }

    /// Whether the device's records have what this word is about; tags can be asked for of every flow.
    boolean has(String word) {
        return fields.contains(word) || word.equals("vlan") || word.equals("vlan-etype");
    }

    /// The flow with this name, or null.
    static RuleFlow labelled(String label) {
        for (RuleFlow flow : values()) {
            if (flow.label.equals(label)) return flow;
        }
        return null;
    }

    /// The flow that rules of this family and protocol are about; [#ANY] where a rule does not ask.
    static RuleFlow of(int family, int proto) {
        for (RuleFlow flow : values()) {
            if (flow.family == family && flow.proto == proto) return flow;
        }
        return family == 4 ? IP4 : family == 6 ? IP6 : ETHER;
    }
}
