package io.millrace.packet.header;

/// EtherTypes (IEEE 802 numbers, as IANA lists them).
public final class EtherType {

    public static final int IPV4 = 0x0800;
    public static final int ARP = 0x0806;
    public static final int TRANSPARENT_ETHERNET = 0x6558;
    public static final int VLAN = 0x8100;          // IEEE 802.1Q
    public static final int IPV6 = 0x86dd;
    public static final int MPLS = 0x8847;
    public static final int MPLS_MULTICAST = 0x8848;
    public static final int PPPOE_DISCOVERY = 0x8863;
    public static final int PPPOE_SESSION = 0x8864;
    public static final int SERVICE_VLAN = 0x88a8;  // IEEE 802.1ad
    public static final int OLD_QINQ = 0x9100;

    /// True for the TPIDs of VLAN tags.
    public static boolean isVlan(int etherType) {
        return etherType == VLAN || etherType == SERVICE_VLAN || etherType == OLD_QINQ;
    }

    private EtherType() {}
}
