package io.millrace.dataplane.icmp;

/// Types and codes of ICMP (RFC 792, RFC 1812) and ICMPv6 (RFC 4443) that a router sends.
public final class IcmpCodes {

    public static final int NET_UNREACHABLE = 0;
    public static final int HOST_UNREACHABLE = 1;
    public static final int PROTOCOL_UNREACHABLE = 2;
    public static final int PORT_UNREACHABLE = 3;
    public static final int FRAGMENTATION_NEEDED = 4;
    public static final int SOURCE_ROUTE_FAILED = 5;
    public static final int PROHIBITED = 13;

    public static final int V6_NO_ROUTE = 0;
    public static final int V6_PROHIBITED = 1;
    public static final int V6_BEYOND_SCOPE = 2;
    public static final int V6_ADDRESS_UNREACHABLE = 3;
    public static final int V6_PORT_UNREACHABLE = 4;
    public static final int V6_POLICY_FAILED = 5;
    public static final int V6_REJECT_ROUTE = 6;

    public static final int V6_ERRONEOUS_FIELD = 0;
    public static final int V6_UNKNOWN_NEXT_HEADER = 1;
    public static final int V6_UNKNOWN_OPTION = 2;

    private IcmpCodes() {}
}
