package io.millrace.flow;

/// One answer of [Routes]: a route, and the neighbour on it once asked for. An object that is used again, written by
/// whoever implements [Routes] and read by whoever asked.
public final class RouteAnswer {

    private RouteKind kind = RouteKind.NONE;
    private int egress = Routes.NO_INTERFACE;
    private int mtuBytes;
    private int gatewayFamily;
    private long gatewayHigh;
    private long gatewayLow;
    private int generation;
    private int neighbourState;
    private boolean isNeighbourValid;
    private long neighbourMac;

    /// There is no route.
    public void none(int generation) {
        route(RouteKind.NONE, Routes.NO_INTERFACE, 0, generation);
    }

    /// A route without a gateway; what was known of a neighbour is forgotten.
    public void route(RouteKind kind, int egress, int mtuBytes, int generation) {
        this.kind = kind;
        this.egress = egress;
        this.mtuBytes = mtuBytes;
        this.generation = generation;
        gateway(0, 0, 0);
        neighbour(0, false, 0);
    }

    public void gateway(int family, long high, long low) {
        this.gatewayFamily = family;
        this.gatewayHigh = high;
        this.gatewayLow = low;
    }

    public void neighbour(int state, boolean isValid, long mac) {
        this.neighbourState = state;
        this.isNeighbourValid = isValid;
        this.neighbourMac = mac;
    }

    public RouteKind kind()           { return kind; }
    /// The interface that packets leave by, or [Routes#NO_INTERFACE].
    public int egress()               { return egress; }
    /// Longest IP packet that the route takes.
    public int mtuBytes()             { return mtuBytes; }
    /// 4 or 6; 0 where targets are on the link. An IPv4 route may have an IPv6 gateway.
    public int gatewayFamily()        { return gatewayFamily; }
    public long gatewayHigh()         { return gatewayHigh; }
    public long gatewayLow()          { return gatewayLow; }
    /// The number under which [Routes#isCurrent] knows this answer.
    public int generation()           { return generation; }
    /// Linux's `NUD_…` bits; 0 where nothing is known.
    public int neighbourState()       { return neighbourState; }
    /// The neighbour's MAC address is known and may be used (`NUD_VALID`).
    public boolean isNeighbourValid() { return isNeighbourValid; }
    /// 48 bits, meaningful where the neighbour is valid.
    public long neighbourMac()        { return neighbourMac; }
}
