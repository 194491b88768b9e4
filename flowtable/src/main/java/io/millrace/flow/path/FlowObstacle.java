package io.millrace.flow.path;

/// Why `flow add` did not take a connection, in the order in which Linux asks. Several may hold at once; those of a
/// connection are kept as one bit each ([#bit]).
public enum FlowObstacle {

    IP_OPTIONS("the packet has IPv4 options"),
    NO_CONNECTION("the packet has no connection: invalid or untracked"),
    RELATED("the packet is an ICMP error about the connection"),
    PROTOCOL("neither TCP, UDP nor GRE"),
    TCP_ENDING("the packet has FIN or RST"),
    NOT_ESTABLISHED("TCP connection not in state ESTABLISHED"),
    NOT_ASSURED("TCP connection not assured yet"),
    GRE_TRANSLATED("GRE under NAT"),
    GRE_VERSION("GRE version other than 0"),
    HELPER("a helper follows the connection"),
    SEQUENCE_ADJUST("sequence numbers are adjusted"),
    NAT_CLASH("the connection clashed with another"),
    NOT_CONFIRMED("first packet of the connection"),
    OFFLOADED("in the flow table already"),
    NO_ROUTE("no onward route for the packet"),
    NO_RETURN_ROUTE("no onward route back by the interface that it came by"),
    TAKEN("another flow has one of its tuples"),
    TABLE_FULL("the flow table has no room");

    private static final FlowObstacle[] ALL = values();

    private final String meaning;

    FlowObstacle(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() { return meaning; }
    public long bit()       { return 1L << ordinal(); }

    /// The names of all whose bits are set, in order, with a comma and a space between.
    public static String names(long bits) {
        var names = new StringBuilder();
        for (FlowObstacle each : ALL) {
            if ((bits & each.bit()) == 0) continue;
            names.append(names.isEmpty() ? "" : ", ").append(each);
        }
        return names.toString();
    }
}
