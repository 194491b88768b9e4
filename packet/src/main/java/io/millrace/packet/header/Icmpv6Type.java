package io.millrace.packet.header;

/// ICMPv6 types (RFC 4443, RFC 4861, RFC 3810, IANA).
public final class Icmpv6Type {

    public static final int DESTINATION_UNREACHABLE = 1;
    public static final int PACKET_TOO_BIG = 2;
    public static final int TIME_EXCEEDED = 3;
    public static final int PARAMETER_PROBLEM = 4;
    public static final int ECHO_REQUEST = 128;
    public static final int ECHO_REPLY = 129;
    public static final int LISTENER_QUERY = 130;
    public static final int ROUTER_SOLICITATION = 133;
    public static final int ROUTER_ADVERTISEMENT = 134;
    public static final int NEIGHBOUR_SOLICITATION = 135;
    public static final int NEIGHBOUR_ADVERTISEMENT = 136;
    public static final int REDIRECT = 137;
    public static final int LISTENER_REPORT_V2 = 143;

    /// True for the types below 128, which report errors.
    public static boolean isError(int type) {
        return type < 128;
    }

    private Icmpv6Type() {}
}
