package io.millrace.packet.header;

/// Types of ICMP messages, and the codes of those that a router sends (IANA "ICMP Parameters"; RFC 792, 1122, 1812).
public final class IcmpType {

    public static final int ECHO_REPLY = 0;
    public static final int DESTINATION_UNREACHABLE = 3;
    public static final int SOURCE_QUENCH = 4;
    public static final int REDIRECT = 5;
    public static final int ECHO_REQUEST = 8;
    public static final int ROUTER_ADVERTISEMENT = 9;
    public static final int ROUTER_SOLICITATION = 10;
    public static final int TIME_EXCEEDED = 11;
    public static final int PARAMETER_PROBLEM = 12;
    public static final int TIMESTAMP_REQUEST = 13;
    public static final int TIMESTAMP_REPLY = 14;

    /// Codes of [#DESTINATION_UNREACHABLE].
    public static final int NET_UNREACHABLE = 0;
    public static final int HOST_UNREACHABLE = 1;
    public static final int PROTOCOL_UNREACHABLE = 2;
    public static final int PORT_UNREACHABLE = 3;
    public static final int FRAGMENTATION_NEEDED = 4;
    public static final int SOURCE_ROUTE_FAILED = 5;
    public static final int NET_PROHIBITED = 9;
    public static final int HOST_PROHIBITED = 10;
    public static final int ADMINISTRATIVELY_PROHIBITED = 13;

    /// Codes of [#REDIRECT].
    public static final int REDIRECT_NET = 0;
    public static final int REDIRECT_HOST = 1;

    /// Codes of [#TIME_EXCEEDED].
    public static final int TTL_EXCEEDED = 0;
    public static final int REASSEMBLY_TIME_EXCEEDED = 1;

    /// Codes of [#PARAMETER_PROBLEM].
    public static final int POINTER_INDICATES_ERROR = 0;
    public static final int MISSING_OPTION = 1;
    public static final int BAD_LENGTH = 2;

    /// True for the messages that quote the packet they are about.
    public static boolean isError(int type) {
        return type == DESTINATION_UNREACHABLE || type == SOURCE_QUENCH || type == REDIRECT
            || type == TIME_EXCEEDED || type == PARAMETER_PROBLEM;
    }

    private IcmpType() {}
}
