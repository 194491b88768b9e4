package io.millrace.dataplane.route;

/// What became of a change to the routes. The texts are those that `ip route` shows on Linux; the last three are
/// refused here alone.
public enum RouteResult {

    DONE(""),
    EXISTS("RTNETLINK answers: File exists"),
    NOT_FOUND("RTNETLINK answers: No such process"),
    INTERFACE_UNKNOWN("RTNETLINK answers: No such device"),
    INTERFACE_NEEDED("Error: Egress device not specified."),
    GATEWAY_INVALID("Error: Nexthop has invalid gateway."),
    GATEWAY_UNREACHABLE("RTNETLINK answers: No route to host"),
    GATEWAY_IS_LOCAL("Error: Gateway can not be a local address."),
    SOURCE_INVALID("Error: Invalid prefsrc address."),
    TYPE_REFUSED("Error: Only routes of type unicast, unreachable, blackhole and prohibit can be added."),
    MULTICAST_REFUSED("Error: Multicast is not routed."),
    TABLE_FULL("RTNETLINK answers: Cannot allocate memory");

    private final String meaning;

    RouteResult(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() { return meaning; }
}
