package io.millrace.flow.ruleset;

import java.util.LinkedHashMap;
import java.util.Map;

/// The headers whose fields rules can name, with the number by which the layer below announces them
/// (EtherType, IP protocol; -1 without one).
///
/// Fields are written `name type bitOffset bits`, offsets from the start of the base: a VLAN tag lies 14 bytes into
/// the frame. `integer` fields take their width alone.
public enum Protocol {
    ETHER("ether", PayloadBase.LINK, -1,
        "daddr ether_addr 0 48; saddr ether_addr 48 48; type ether_type 96 16"),
    VLAN("vlan", PayloadBase.LINK, 0x8100,
        "pcp integer 112 3; dei integer 115 1; cfi integer 115 1; id vlan_id 116 12; type ether_type 128 16"),
    ARP("arp", PayloadBase.NETWORK, 0x0806,
        "htype integer 0 16; ptype ether_type 16 16; hlen integer 32 8; plen integer 40 8; operation arp_op 48 16;"
            + "saddr_ether ether_addr 64 48; saddr_ip ipv4_addr 112 32; daddr_ether ether_addr 144 48;"
            + "daddr_ip ipv4_addr 192 32"),
    IP("ip", PayloadBase.NETWORK, 0x0800,
        "version integer 0 4; hdrlength integer 4 4; dscp dscp 8 6; ecn ecn 14 2; length integer 16 16;"
            + "id integer 32 16; frag-off integer 48 16; ttl integer 64 8; protocol inet_proto 72 8;"
            + "checksum integer 80 16; saddr ipv4_addr 96 32; daddr ipv4_addr 128 32"),
    IP6("ip6", PayloadBase.NETWORK, 0x86dd,
        "version integer 0 4; dscp dscp 4 6; ecn ecn 10 2; flowlabel integer 12 20; length integer 32 16;"
            + "nexthdr inet_proto 48 8; hoplimit integer 56 8; saddr ipv6_addr 64 128; daddr ipv6_addr 192 128"),
    ICMP("icmp", PayloadBase.TRANSPORT, 1,
        "type icmp_type 0 8; code icmp_code 8 8; checksum integer 16 16; id integer 32 16; sequence integer 48 16;"
            + "gateway integer 32 32; mtu integer 48 16"),
    ICMPV6("icmpv6", PayloadBase.TRANSPORT, 58,
        "type icmpv6_type 0 8; code icmpv6_code 8 8; checksum integer 16 16; parameter-problem integer 32 32;"
            + "mtu integer 32 32; id integer 32 16; sequence integer 48 16; max-delay integer 32 16;"
            + "taddr ipv6_addr 64 128; daddr ipv6_addr 192 128"),
    IGMP("igmp", PayloadBase.TRANSPORT, 2,
        "type igmp_type 0 8; mrt integer 8 8; checksum integer 16 16; group ipv4_addr 32 32"),
    TCP("tcp", PayloadBase.TRANSPORT, 6,
        "sport inet_service 0 16; dport inet_service 16 16; sequence integer 32 32; ackseq integer 64 32;"
            + "doff integer 96 4; reserved integer 100 4; flags tcp_flag 104 8; window integer 112 16;"
            + "checksum integer 128 16; urgptr integer 144 16"),
    UDP("udp", PayloadBase.TRANSPORT, 17,
        "sport inet_service 0 16; dport inet_service 16 16; length integer 32 16; checksum integer 48 16"),
    UDPLITE("udplite", PayloadBase.TRANSPORT, 136,
        "sport inet_service 0 16; dport inet_service 16 16; csumcov integer 32 16; checksum integer 48 16"),
    SCTP("sctp", PayloadBase.TRANSPORT, 132,
        "sport inet_service 0 16; dport inet_service 16 16; vtag integer 32 32; checksum integer 64 32"),
    DCCP("dccp", PayloadBase.TRANSPORT, 33,
        "sport inet_service 0 16; dport inet_service 16 16; type dccp_pkttype 67 4"),
    ESP("esp", PayloadBase.TRANSPORT, 50, "spi integer 0 32; sequence integer 32 32"),
    AH("ah", PayloadBase.TRANSPORT, 51,
        "nexthdr inet_proto 0 8; hdrlength integer 8 8; reserved integer 16 16; spi integer 32 32;"
            + "sequence integer 64 32"),
    COMP("comp", PayloadBase.TRANSPORT, 108, "nexthdr inet_proto 0 8; flags integer 8 8; cpi integer 16 16"),
    /// Any protocol with ports.
    TH("th", PayloadBase.TRANSPORT, -1, "sport inet_service 0 16; dport inet_service 16 16"),
    /// IPv6 extension headers: offsets count from the header's first byte.
    HBH("hbh", null, 0, "nexthdr inet_proto 0 8; hdrlength integer 8 8"),
    RT("rt", null, 43,
        "nexthdr inet_proto 0 8; hdrlength integer 8 8; type integer 16 8; seg-left integer 24 8"),
    RT0("rt0", null, 43, "addr[0] ipv6_addr 64 128"),
    RT2("rt2", null, 43, "addr ipv6_addr 64 128"),
    SRH("srh", null, 43, "last-entry integer 32 8; flags integer 40 8; tag integer 48 16"),
    FRAG("frag", null, 44,
        "nexthdr inet_proto 0 8; reserved integer 8 8; frag-off integer 16 13; reserved2 integer 29 2;"
            + "more-fragments integer 31 1; id integer 32 32"),
    DST("dst", null, 60, "nexthdr inet_proto 0 8; hdrlength integer 8 8"),
    MH("mh", null, 135,
        "nexthdr inet_proto 0 8; hdrlength integer 8 8; type mh_type 16 8; reserved integer 24 8;"
            + "checksum integer 32 16");

    private final String text;
    private final PayloadBase base;
    private final int number;
    private final Map<String, HeaderField> fields = new LinkedHashMap<>();

    Protocol(String text, PayloadBase base, int number, String fieldList) {
        this.text = text;
        this.base = base;
        this.number = number;
        for (String line : fieldList.split(";")) {
            String[] words = line.trim().split(" ");
            // The field names types as the language does; their constants are named alike.
            DataType type = DataType.valueOf(words[1].toUpperCase(java.util.Locale.ROOT));
            String name = words[0].replace('_', ' ');
            fields.put(name, new HeaderField(this, name, type, Integer.parseInt(words[2]), Integer.parseInt(words[3])));
        }
    }

    public String text() {
        return text;
    }

    /// Null for an IPv6 extension header, which has no fixed place.
    public PayloadBase base() {
        return base;
    }

    public int number() {
        return number;
    }

    public boolean isExtensionHeader() {
        return base == null;
    }

    /// The field of this name, or null.
    public HeaderField field(String name) {
        return fields.get(name);
    }

    public Iterable<HeaderField> fields() {
        return fields.values();
    }
}
