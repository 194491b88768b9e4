package io.millrace.dataplane.route;

/// What became of a change to the routes. The texts are those that Linux gives `ip route`.
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
    TYPE_REFUSED("RTNETLINK answers: Operation not supported");

    private final String meaning;

    RouteResult(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() { return meaning; }
}
