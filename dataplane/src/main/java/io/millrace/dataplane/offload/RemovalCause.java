package io.millrace.dataplane.offload;

/// Why a connection was taken out of a NIC's flow table.
public enum RemovalCause {

    /// A SYN, FIN or RST went to the worker.
    ENDING,
    /// Its flow was torn down: expired, its connection deleted, its flowtable gone.
    TORN_DOWN,
    NEIGHBOUR_CHANGED,
    ROUTE_CHANGED,
    LINK_DOWN,
    /// A port may no longer leave flows to its NIC.
    SWITCHED_OFF,
    /// The NIC's eswitch changes its mode.
    MODE_CHANGED,
    /// Rules at ingress or egress have to see its packets.
    RULES,
    /// Some of its packets come in fragments, which those that hardware forwards would overtake.
    FRAGMENTS,
    /// Another carries more packets.
    LIGHTER,
    /// What it counts in hardware could not be true, again and again.
    COUNTER,
    /// The device had forgotten it, or never took it.
    LOST;

    private static final RemovalCause[] ALL = values();

    static RemovalCause of(int ordinal) {
        return ALL[ordinal];
    }
}
