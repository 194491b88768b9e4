package io.millrace.packet.header;

/// Types of ICMPv6 messages, and the codes of those that a router sends (IANA "ICMPv6 Parameters"; RFC 4443, 4861).
public final class Icmpv6Type {

    public static final int DESTINATION_UNREACHABLE = 1;
    public static final int PACKET_TOO_BIG = 2;
    public static final int TIME_EXCEEDED = 3;
    public static final int PARAMETER_PROBLEM = 4;
    public static final int ECHO_REQUEST = 128;
    public static final int ECHO_REPLY = 129;
    public static final int LISTENER_QUERY = 130;
    public static final int LISTENER_REPORT = 131;
    public static final int LISTENER_DONE = 132;
    public static final int ROUTER_SOLICITATION = 133;
    public static final int ROUTER_ADVERTISEMENT = 134;
    public static final int NEIGHBOUR_SOLICITATION = 135;
    public static final int NEIGHBOUR_ADVERTISEMENT = 136;
    public static final int REDIRECT = 137;
    public static final int LISTENER_REPORT_2 = 143;

    /// Codes of [#DESTINATION_UNREACHABLE].
    public static final int NO_ROUTE = 0;
    public static final int ADMINISTRATIVELY_PROHIBITED = 1;
    public static final int BEYOND_SCOPE = 2;
    public static final int ADDRESS_UNREACHABLE = 3;
    public static final int PORT_UNREACHABLE = 4;
    public static final int POLICY_FAILED = 5;
    public static final int REJECT_ROUTE = 6;

    /// Codes of [#TIME_EXCEEDED].
    public static final int HOP_LIMIT_EXCEEDED = 0;
    public static final int REASSEMBLY_TIME_EXCEEDED = 1;

    /// Codes of [#PARAMETER_PROBLEM].
    public static final int ERRONEOUS_FIELD = 0;
    public static final int UNKNOWN_NEXT_HEADER = 1;
    public static final int UNKNOWN_OPTION = 2;

    /// True for the messages that quote the packet they are about (RFC 4443 §2.1: the high bit is clear).
    public static boolean isError(int type) {
        return type < 128;
    }

    /// True for the five messages of neighbour discovery (RFC 4861), which [NdView] reads.
    public static boolean isNeighbourDiscovery(int type) {
        return type >= ROUTER_SOLICITATION && type <= REDIRECT;
    }

    private Icmpv6Type() {}
}
