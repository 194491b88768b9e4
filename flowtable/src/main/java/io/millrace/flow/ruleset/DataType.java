package io.millrace.flow.ruleset;

/// The kinds of value that a ruleset compares, stores and sets.
///
/// `bits` is the width of a value in a packet or register; 0 where the expression decides. A host order type lies in
/// a register in the byte order of the machine (marks, states, indexes), the others in network order.
public enum DataType {
    INTEGER("integer", 0, false), STRING("string", 0, true), BITMASK("bitmask", 0, true), VERDICT("verdict", 32, true),
    NF_PROTO("nf_proto", 8, true), LL_ADDR("ll_addr", 0, false), IPV4_ADDR("ipv4_addr", 32, false),
    IPV6_ADDR("ipv6_addr", 128, false), ETHER_ADDR("ether_addr", 48, false), ETHER_TYPE("ether_type", 16, false),
    ARP_OP("arp_op", 16, false), INET_PROTO("inet_proto", 8, false), INET_SERVICE("inet_service", 16, false),
    ICMP_TYPE("icmp_type", 8, false), TCP_FLAG("tcp_flag", 8, false), DCCP_PKTTYPE("dccp_pkttype", 4, false),
    MH_TYPE("mh_type", 8, false), TIME("time", 64, true), MARK("mark", 32, true),
    IFACE_INDEX("iface_index", 32, true), IFACE_TYPE("iface_type", 16, true), REALM("realm", 32, true),
    CLASSID("classid", 32, true), UID("uid", 32, true), GID("gid", 32, true), CT_STATE("ct_state", 32, true),
    CT_DIR("ct_dir", 8, true), CT_STATUS("ct_status", 32, true), CT_LABEL("ct_label", 128, true),
    CT_EVENT("ct_event", 32, true), PKT_TYPE("pkt_type", 8, true), ICMP_CODE("icmp_code", 8, false),
    ICMPV6_TYPE("icmpv6_type", 8, false), ICMPV6_CODE("icmpv6_code", 8, false), ICMPX_CODE("icmpx_code", 8, true),
    DEVGROUP("devgroup", 32, true), DSCP("dscp", 6, false), ECN("ecn", 2, false),
    FIB_ADDRTYPE("fib_addrtype", 32, true), BOOLEAN("boolean", 1, true), IFNAME("ifname", 128, true),
    IGMP_TYPE("igmp_type", 8, false), DAY("day", 8, true), HOUR("hour", 32, true), TIMESTAMP("time", 64, true),
    VLAN_ID("vlan_id", 12, false), CGROUPV2("cgroupsv2", 64, true), TCP_OPTION("tcp_option", 8, false);

    private final String text;
    private final int bits;
    private final boolean hostOrder;

    DataType(String text, int bits, boolean hostOrder) {
        this.text = text;
        this.bits = bits;
        this.hostOrder = hostOrder;
    }

    public String text() {
        return text;
    }

    public int bits() {
        return bits;
    }

    public boolean isHostOrder() {
        return hostOrder;
    }

    /// A value of these types is a set of flags: a match without operator asks for any of them.
    public boolean isBitmask() {
        return switch (this) {
            case BITMASK, TCP_FLAG, CT_STATE, CT_STATUS, CT_LABEL, CT_EVENT -> true;
            default -> false;
        };
    }
}
