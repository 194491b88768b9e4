package io.millrace.packet.memory;

/// What was decided about one packet. Every packet that a wire gave or Millrace made ends in exactly one verdict
/// whose [Ending] is not `GOES_ON`; each has a counter, and reports print `meaning`.
public enum Verdict {

    FORWARD(Ending.GOES_ON, "goes on"),
    SENT(Ending.SENT, "given to a wire"),

    ARP_LEARNED(Ending.DELIVERED, "ARP packet for this host"),
    ND_LEARNED(Ending.DELIVERED, "neighbour discovery packet for this host"),
    ECHO_ANSWERED(Ending.DELIVERED, "echo or timestamp request for this host, answered"),
    LOCAL_IN(Ending.DELIVERED, "packet for this host that nobody waits for"),

    NOT_ETHERNET(Ending.DROPPED, "link type is not Ethernet"),
    CUT_SHORT(Ending.DROPPED, "capture holds only part of the packet"),
    FRAME_TOO_SHORT(Ending.DROPPED, "shorter than an Ethernet header"),
    OTHER_HOST(Ending.DROPPED, "Ethernet destination is another host"),
    NOT_UNICAST_FRAME(Ending.DROPPED, "unicast packet in a broadcast or multicast frame"),
    ETHERTYPE_UNKNOWN(Ending.DROPPED, "EtherType that a router does not handle"),
    PPPOE_MALFORMED(Ending.DROPPED, "PPPoE header cut short, of another code or with a wrong length"),
    PPPOE_SESSION_UNKNOWN(Ending.DROPPED, "PPPoE session without an interface, or of another peer"),
    PPP_PROTOCOL_UNKNOWN(Ending.DROPPED, "PPP protocol that is neither IPv4 nor IPv6"),
    VLAN_UNKNOWN(Ending.DROPPED, "VLAN tag without an interface"),
    INTERFACE_WITHOUT_IP(Ending.DROPPED, "interface has no address of this family"),
    IPV4_MALFORMED(Ending.DROPPED, "IPv4 version, header length or total length wrong"),
    IPV4_CHECKSUM_WRONG(Ending.DROPPED, "IPv4 header checksum wrong"),
    IPV4_OPTIONS_MALFORMED(Ending.DROPPED, "IPv4 options malformed or refused"),
    IPV6_MALFORMED(Ending.DROPPED, "IPv6 version, length or extension headers wrong"),
    MARTIAN_SOURCE(Ending.DROPPED, "source address that cannot be"),
    MARTIAN_TARGET(Ending.DROPPED, "target address that cannot be forwarded"),
    LINK_SCOPE(Ending.DROPPED, "address that must not leave its link"),
    MULTICAST_NOT_ROUTED(Ending.DROPPED, "multicast that nobody here joined"),
    FORWARDING_OFF(Ending.DROPPED, "forwarding is switched off for this family"),
    NO_ROUTE(Ending.DROPPED, "no route to the target"),
    ROUTE_UNREACHABLE(Ending.DROPPED, "route of type unreachable"),
    ROUTE_BLACKHOLE(Ending.DROPPED, "route of type blackhole"),
    ROUTE_PROHIBIT(Ending.DROPPED, "route of type prohibit"),
    TTL_EXPIRED(Ending.DROPPED, "TTL or hop limit used up"),
    FRAGMENTATION_NEEDED(Ending.DROPPED, "IPv4 packet over the MTU with DF set"),
    PACKET_TOO_BIG(Ending.DROPPED, "IPv6 packet over the MTU"),
    NEIGHBOUR_UNRESOLVED(Ending.DROPPED, "neighbour did not answer"),
    NEIGHBOUR_QUEUE_FULL(Ending.DROPPED, "too many packets wait for the neighbour"),
    NEIGHBOUR_TABLE_FULL(Ending.DROPPED, "no room for another neighbour"),
    ARP_MALFORMED(Ending.DROPPED, "ARP packet malformed"),
    ARP_NOT_FOR_US(Ending.DROPPED, "ARP packet about another host"),
    ND_MALFORMED(Ending.DROPPED, "neighbour discovery packet malformed"),
    ND_NOT_FOR_US(Ending.DROPPED, "neighbour discovery packet about another host"),
    ICMP_CHECKSUM_WRONG(Ending.DROPPED, "ICMP or ICMPv6 checksum wrong"),
    ICMP_MALFORMED(Ending.DROPPED, "ICMP or ICMPv6 message cut short or of unknown type"),
    ECHO_IGNORED(Ending.DROPPED, "echo request that settings or limits leave unanswered"),
    FRAGMENT_MALFORMED(Ending.DROPPED, "fragment whose begin or end cannot be, or contradicts the others"),
    FRAGMENT_DUPLICATE(Ending.DROPPED, "fragment that had come already"),
    FRAGMENTS_OVERLAP(Ending.DROPPED, "fragments that overlap; all of the datagram go"),
    FRAGMENTS_INCOMPLETE(Ending.DROPPED, "the other fragments did not come in time"),
    FRAGMENTS_MAX(Ending.DROPPED, "fragments wait in all the memory that they may use"),
    FRAGMENTS_TOO_FAR(Ending.DROPPED, "too many fragments of other datagrams came between those of this one"),
    FRAGMENTS_ECN_MIXED(Ending.DROPPED, "fragments with and without ECN in one datagram"),
    DATAGRAM_TOO_LONG(Ending.DROPPED, "fragments of a datagram longer than 65,535 bytes"),
    REASSEMBLY_MISSING(Ending.DROPPED, "fragment for this host that cannot be put together with others"),
    TRANSPORT_MALFORMED(Ending.DROPPED, "TCP or UDP header for this host cut short or its lengths wrong"),
    TRANSPORT_CHECKSUM_WRONG(Ending.DROPPED, "TCP or UDP packet for this host with a wrong checksum"),
    PORT_CLOSED(Ending.DROPPED, "TCP or UDP port of this host that nobody listens on"),
    PROTOCOL_UNKNOWN(Ending.DROPPED, "protocol that this host does not speak"),
    RULE_DROPPED(Ending.DROPPED, "dropped by a rule"),
    RULE_POLICY(Ending.DROPPED, "dropped by the policy of a chain"),
    RULE_REJECTED(Ending.DROPPED, "rejected by a rule"),
    RULE_QUEUED(Ending.DROPPED, "queued by a rule for a program that there is not"),
    RULE_TAKEN(Ending.DROPPED, "sent elsewhere by a rule, where it cannot go"),
    CONNECTION_TABLE_FULL(Ending.DROPPED, "no room for another connection"),
    CONNECTION_CLASH(Ending.DROPPED, "another connection has the same addresses and ports"),
    NAT_EXHAUSTED(Ending.DROPPED, "no address and port left to translate to"),
    NAT_WITHOUT_ADDRESS(Ending.DROPPED, "interface has no address to translate to"),
    NAT_EGRESS_CHANGED(Ending.DROPPED, "masqueraded connection that would now leave by another interface"),
    NAT_IMPOSSIBLE(Ending.DROPPED, "translated connection's packet that cannot be rewritten"),
    GSO_HEADER_MALFORMED(Ending.DROPPED, "super-packet whose headers are cut short or have wrong lengths"),
    GSO_TYPE_MISMATCH(Ending.DROPPED, "super-packet whose GSO type is not what its headers say"),
    GSO_PROTOCOL_UNSUPPORTED(Ending.DROPPED, "super-packet of a protocol that nobody here cuts"),
    GSO_TUNNEL_UNKNOWN(Ending.DROPPED, "super-packet in a tunnel of which it is not known what is inside"),
    GSO_TOO_DEEP(Ending.DROPPED, "super-packet with more than five IP headers"),
    GSO_CHECKSUM_START_WRONG(Ending.DROPPED, "super-packet whose checksum is not that of its transport header"),
    GSO_SIZE_WRONG(Ending.DROPPED, "super-packet with a GSO size that cannot be"),
    GSO_NOT_LONGER(Ending.DROPPED, "super-packet no longer than one of its segments"),
    GSO_SEGMENTS_MAX(Ending.DROPPED, "super-packet of more segments than there is room for"),
    FLOWER_DROPPED(Ending.DROPPED, "dropped by a flower filter"),
    FLOWER_LOOPED(Ending.DROPPED, "went round too often among flower filters"),
    FLOWER_TRAPPED(Ending.DROPPED, "trapped by a flower filter in software, where nobody takes it"),
    NIC_RULE(Ending.DROPPED, "receive rule of the NIC says drop"),
    NIC_HASH_DISCARD(Ending.DROPPED, "receive hashing of the NIC says discard"),
    NIC_RX_FULL(Ending.DROPPED, "receive queue of the NIC had no room"),
    NIC_SAME_SIDE(Ending.DROPPED, "for a station on the side of the NIC's switch that it came from"),
    NIC_NO_CARRIER(Ending.DROPPED, "representor of the NIC without a carrier in this mode"),
    NO_SLOT(Ending.DROPPED, "packet memory exhausted"),
    TX_FULL(Ending.DROPPED, "transmit queue had no room"),
    TX_TOO_LONG(Ending.DROPPED, "frame longer than the port can send"),
    TX_REFUSED(Ending.DROPPED, "port could not send the frame"),
    INPUT_ENDED(Ending.DROPPED, "still held when the run ended");

    /// Where a verdict leaves a packet in the equation
    /// `received + created + split = sent + delivered + dropped + absorbed + held`.
    public enum Ending { GOES_ON, SENT, DELIVERED, DROPPED, ABSORBED }

    private static final Verdict[] ALL = values();

    public static final int COUNT = ALL.length;

    private final Ending ending;
    private final String meaning;

    Verdict(Ending ending, String meaning) {
        this.ending = ending;
        this.meaning = meaning;
    }

    public static Verdict of(int ordinal) {
        return ALL[ordinal];
    }

    public Ending ending()  { return ending; }
    public String meaning() { return meaning; }
}
