package io.millrace.flow.flower;

/// A field of packets that a filter can match, and where it lies among the words of a key: what the dissector writes
/// for a packet and what a mask selects from. Fields of 128 bits fill two words, the first eight bytes first.
///
/// Some have no name in `tc`: they follow from others, as Linux derives them.
public enum FlowerField {

    INDEV(3, 48, 16, "indev"),
    VLAN_COUNT(2, 8, 8, "num_of_vlans"),
    /// Tag protocol of the outermost tag: follows from the filter's protocol.
    VLAN_TAG(1, 48, 16, ""),
    VLAN_ID(3, 0, 12, "vlan_id"),
    VLAN_PRIORITY(3, 13, 3, "vlan_prio"),
    VLAN_NEXT(19, 48, 16, "vlan_ethtype"),
    CVLAN_TAG(2, 48, 16, ""),
    CVLAN_ID(3, 16, 12, "cvlan_id"),
    CVLAN_PRIORITY(3, 29, 3, "cvlan_prio"),
    CVLAN_NEXT(19, 32, 16, "cvlan_ethtype"),
    TARGET_MAC(0, 0, 48, "dst_mac"),
    SOURCE_MAC(1, 0, 48, "src_mac"),
    /// What follows the tags.
    NETWORK_PROTOCOL(0, 48, 16, "eth_type"),
    IP_PROTOCOL(2, 0, 8, "ip_proto"),
    IP_TOS(2, 32, 8, "ip_tos"),
    IP_TTL(2, 40, 8, "ip_ttl"),
    MPLS_1(12, 32, 32, ""),
    MPLS_2(12, 0, 32, ""),
    MPLS_3(13, 32, 32, ""),
    MPLS_4(13, 0, 32, ""),
    MPLS_5(14, 32, 32, ""),
    MPLS_6(14, 0, 32, ""),
    MPLS_7(15, 32, 32, ""),
    /// 4 or 6 where addresses were found: follows from their use.
    ADDRESS_FAMILY(2, 16, 8, ""),
    TARGET_ADDRESS(6, 0, 128, "dst_ip"),
    SOURCE_ADDRESS(4, 0, 128, "src_ip"),
    TARGET_PORT(8, 32, 16, "dst_port"),
    SOURCE_PORT(8, 48, 16, "src_port"),
    TCP_FLAGS(8, 16, 12, "tcp_flags"),
    ICMP_TYPE(8, 8, 8, "icmp_type"),
    ICMP_CODE(8, 0, 8, "icmp_code"),
    L2TP_SESSION(16, 32, 32, "l2tpv3_sid"),
    SPI(16, 0, 32, "spi"),
    ARP_SOURCE(9, 32, 32, "arp_sip"),
    ARP_TARGET(9, 0, 32, "arp_tip"),
    ARP_OPERATION(10, 48, 8, "arp_op"),
    ARP_SOURCE_MAC(10, 0, 48, "arp_sha"),
    ARP_TARGET_MAC(11, 0, 48, "arp_tha"),
    /// The EtherType of PPPoE: follows from the filter's protocol.
    PPPOE_TYPE(17, 0, 16, ""),
    PPPOE_SESSION(17, 48, 16, "pppoe_sid"),
    PPP_PROTOCOL(17, 32, 16, "ppp_proto"),
    /// Bit 0: a fragment, bit 1: the first one.
    IP_FLAGS(2, 24, 2, "ip_flags"),
    L2_MISS(19, 31, 1, "l2_miss"),
    CT_STATE(18, 48, 8, "ct_state"),
    CT_ZONE(18, 32, 16, "ct_zone"),
    CT_MARK(18, 0, 32, "ct_mark"),
    CT_LABEL(20, 0, 128, "ct_label"),
    CFM_LEVEL(15, 8, 3, "mdl"),
    CFM_OPERATION(15, 0, 8, "op");

    /// Words of a key.
    public static final int WORDS = 22;

    public static final int FRAGMENT = 1;
    public static final int FIRST_FRAGMENT = 2;

    private static final FlowerField[] ALL = values();

    private final int word;
    private final int shift;
    private final int bits;
    private final String tcName;

    FlowerField(int word, int shift, int bits, String tcName) {
        this.word = word;
        this.shift = shift;
        this.bits = bits;
        this.tcName = tcName;
    }

    static FlowerField[] all() {
        return ALL;
    }

    /// The label's field of the MPLS stack entry, 1 to 7.
    public static FlowerField mpls(int depth) {
        return ALL[MPLS_1.ordinal() + depth - 1];
    }

    /// Its first word.
    public int word()      { return word; }
    /// How far its lowest bit lies from the lowest of the word.
    public int shift()     { return shift; }
    public int bits()      { return bits; }
    /// As `tc` shows it; empty where it follows from other fields.
    public String tcName() { return tcName; }
    public boolean isWide() { return bits == 128; }

    /// All bits of the field, at the low end; of a wide field, of each word.
    public long full() {
        return bits >= 64 ? -1L : (1L << bits) - 1;
    }
}
