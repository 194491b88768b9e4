package io.millrace.flow;

/// What connections, rules and translations ask about the way of a packet: where an address is reached, what kind of
/// address it is, who the neighbour is, which addresses are this host's. The router answers.
///
/// An address is a family, 4 or 6, and two halves: IPv6 in network order, IPv4 in the low 32 bits of `low`, the rest 0.
/// An interface is its number; [#NO_INTERFACE] leaves it open. Asked on the worker's thread, per packet: answers are
/// written into an object of the caller's, nothing is allocated, nothing is changed, no neighbour is solicited.
public interface Routes {

    int NO_INTERFACE = -1;

    /// Finds the route of a packet to `target` and writes it into `answer`, [RouteKind#NONE] where there is none.
    ///
    /// @param interfaceIndex the interface that it must leave by, or [#NO_INTERFACE]; decides for link-local targets
    void find(int family, long targetHigh, long targetLow, int interfaceIndex, RouteAnswer answer);

    /// Adds state and MAC address of the neighbour that a packet on this route is handed to, which is the gateway or,
    /// on the link, the target itself. The route must be a unicast one that [#find] has just answered.
    void neighbour(int family, long targetHigh, long targetLow, RouteAnswer answer);

    /// True if a route found under this number is still what [#find] would answer: no route, address or interface has
    /// changed since (see [RouteAnswer#generation]).
    boolean isCurrent(int generation);

    /// What kind of address this is to this host: [RouteKind#LOCAL], `BROADCAST`, `MULTICAST`, `ANYCAST`, and `UNICAST`
    /// for all others, be there a route to them or not (Linux: `inet_addr_type`, `ipv6_addr_type` and its own table).
    ///
    /// @param interfaceIndex the interface whose addresses count, or [#NO_INTERFACE] for all
    RouteKind kindOf(int family, long high, long low, int interfaceIndex);

    /// The address of that interface from which this host speaks to a neighbour or target there: what masquerading puts
    /// in (Linux: `inet_select_addr`, `ipv6_dev_get_saddr`). False if the interface has none of the family.
    boolean sourceFor(int family, int interfaceIndex, long targetHigh, long targetLow, RouteAddress source);

    /// The first address of that interface: where redirecting sends IPv4 packets that came by it. For IPv6 the first of
    /// the scope of `target`: link-local for a link-local one, else global. False if there is none.
    boolean firstOf(int family, int interfaceIndex, long targetHigh, long targetLow, RouteAddress first);
}
