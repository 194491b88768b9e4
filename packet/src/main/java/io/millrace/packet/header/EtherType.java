package io.millrace.packet.header;

/// Numbers of the protocols that an Ethernet frame carries (IANA "EtherType"; IEEE 802).
public final class EtherType {

    /// Up to this, the field is the length of an IEEE 802.3 frame, not a type.
    public static final int LENGTH_MAX = 1500;

    public static final int IPV4 = 0x0800;
    public static final int ARP = 0x0806;
    /// Transparent Ethernet bridging: an Ethernet frame inside GRE, Geneve or VXLAN-GPE.
    public static final int ETHERNET = 0x6558;
    /// 802.1Q: the customer's tag.
    public static final int VLAN = 0x8100;
    public static final int IPV6 = 0x86dd;
    public static final int PPP = 0x880b;
    public static final int MPLS = 0x8847;
    public static final int MPLS_UPSTREAM = 0x8848;
    public static final int PPPOE_DISCOVERY = 0x8863;
    public static final int PPPOE_SESSION = 0x8864;
    public static final int EAPOL = 0x888e;
    public static final int ERSPAN_2 = 0x88be;
    /// 802.1ad: the provider's tag.
    public static final int VLAN_SERVICE = 0x88a8;
    public static final int LLDP = 0x88cc;
    /// An outer tag of switches from before 802.1ad; never assigned by IANA.
    public static final int VLAN_9100 = 0x9100;

    /// True for the types (TPIDs) that a [VlanView] follows.
    public static boolean isVlan(int type) {
        return type == VLAN || type == VLAN_SERVICE || type == VLAN_9100;
    }

    private EtherType() {}
}
