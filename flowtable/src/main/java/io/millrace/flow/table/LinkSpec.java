package io.millrace.flow.table;

/// How packets of a flow leave: what [FlowLinks#acquire] is asked for. An object that is used again.
///
/// A VLAN is TPID × 65,536 + id, 0 is none; a PPPoE session of 0 is none.
public final class LinkSpec {

    int port;
    int interfaceIndex;
    int family;
    boolean isDirect;
    boolean isResolved;
    int routeGeneration;
    long nextHopHigh;
    long nextHopLow;
    long sourceMac;
    long targetMac;
    int vlan0;
    int vlan1;
    int session;

    /// Through this interface of this port, plain Ethernet from `sourceMac`, carrying packets of this family (4 or 6).
    public LinkSpec through(int port, int interfaceIndex, int family, long sourceMac) {
        this.port = port;
        this.interfaceIndex = interfaceIndex;
        this.family = family;
        this.sourceMac = sourceMac;
        return encapsulated(0, 0, 0);
    }

    /// With these tags, the outermost first, and in this session.
    public LinkSpec encapsulated(int vlan0, int vlan1, int session) {
        this.vlan0 = vlan0;
        this.vlan1 = vlan1;
        this.session = session;
        return this;
    }

    /// To a neighbour, under a route that must still be valid: looked at again for each packet. An IPv4 address is the
    /// low 32 bits of `low`.
    public LinkSpec toNeighbour(long nextHopHigh, long nextHopLow, int routeGeneration) {
        this.isDirect = false;
        this.isResolved = false;
        this.targetMac = 0;
        this.nextHopHigh = nextHopHigh;
        this.nextHopLow = nextHopLow;
        this.routeGeneration = routeGeneration;
        return this;
    }

    /// What is known of that neighbour's address.
    public LinkSpec resolved(long mac) {
        this.isResolved = true;
        this.targetMac = mac;
        return this;
    }

    /// To this address, without looking at route and neighbour ever again.
    public LinkSpec direct(long mac) {
        this.isDirect = true;
        this.isResolved = true;
        this.targetMac = mac;
        this.nextHopHigh = 0;
        this.nextHopLow = 0;
        this.routeGeneration = 0;
        return this;
    }
}
