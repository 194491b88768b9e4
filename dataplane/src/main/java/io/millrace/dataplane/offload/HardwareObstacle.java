package io.millrace.dataplane.offload;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Why a connection that is in the flow table is not in a NIC's. Several may hold at once; a flow's are kept as one bit
/// each. Why a connection is not in the flow table to begin with is a `FlowObstacle`.
public enum HardwareObstacle {

    NOT_ASKED("its flowtable has no flag offload"),
    NO_NIC("a port of it has no NIC"),
    OTHER_DEVICE("its ports belong to different NICs"),
    NO_TABLE("the NIC has no flow table"),
    SWITCHED_OFF("hw-tc-offload is off at a port of it"),
    MODE("the NIC's eswitch is in legacy mode, or about to change it"),
    HASH_DIFFERS("the NIC runs another program than the host"),
    LINK_DOWN("the wire of a port of it is disconnected"),
    ENCAPSULATION("tags or a session on a side of it"),
    PROTOCOL("neither TCP nor UDP"),
    NEIGHBOUR("the next hop of a direction is not confirmed"),
    ROUTE_CHANGED("its route was found before the last change of routes"),
    RULES("rules or filters at ingress or egress of a port see its packets"),
    FRAGMENTS("some of its packets come in fragments, which the worker has to put together"),
    ENDING("a FIN or RST has passed, or it was torn down"),
    TABLE_FULL("the NIC's flow table is full"),
    LIGHTER("lighter than the lightest in the NIC's flow table"),
    QUEUE_FULL("too many installations are under way"),
    DEVICE_FAULT("the NIC failed to take it, and is asked again later"),
    UNDER_WAY("on its way in or out");

    private static final HardwareObstacle[] ALL = values();

    private final String meaning;

    HardwareObstacle(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() { return meaning; }
    public int bit()        { return 1 << ordinal(); }

    /// The names of all whose bits are set, in order, with a comma and a space between.
    public static String names(int bits) {
        return of(bits).stream().map(Enum::name).collect(Collectors.joining(", "));
    }

    /// All whose bits are set, in order.
    public static List<HardwareObstacle> of(int bits) {
        var obstacles = new ArrayList<HardwareObstacle>();
        for (HardwareObstacle each : ALL) {
            if ((bits & each.bit()) != 0) obstacles.add(each);
        }
        return obstacles;
    }
}
