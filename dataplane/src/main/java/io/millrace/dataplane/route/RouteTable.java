package io.millrace.dataplane.route;

import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.route.Candidates.Candidate;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.HashSet;
import java.util.function.Predicate;

/// The routes of Linux's local and main tables, IPv4 and IPv6, compiled into one lookup each. What a lookup finds is
/// the number of a next hop, see [#hops].
///
/// Connected, local, broadcast, anycast and multicast routes follow from the interfaces' addresses; others are added.
/// Two entries are always there and not listed: multicast 224.0.0.0/4 and broadcast 255.255.255.255.
///
/// One thread reads and changes; changes allocate, lookups do not. The arena frees the memory.
public final class RouteTable {

    private static final IpPrefix IPV4_MULTICAST = IpPrefix.parse("224.0.0.0/4");
    private static final IpPrefix IPV4_BROADCAST = IpPrefix.parse("255.255.255.255/32");
    private static final IpPrefix IPV6_LINK_LOCAL = IpPrefix.parse("fe80::/64");

    /// Room that operators' routes leave to those that follow from addresses.
    static final int DERIVED_SPARE = 4096;

    private static final Comparator<Route> LISTED = Comparator.comparing((Route route) -> route.to().address())
        .thenComparing(route -> route.to().length())
        .thenComparing(Route::metric, Integer::compareUnsigned);

    private final PrefixTable ipv4;
    private final PrefixTable ipv6;
    private final NextHops hops;
    private final Candidates candidates = new Candidates();
    private LocalAddresses addresses = new LocalAddresses(List.of());
    private List<Interface> interfaces = List.of();
    private int[] linkLocalHops = {};   // by interface index
    private int generation;

    public RouteTable(Arena arena, List<Interface> interfaces) {
        this(arena, interfaces, PrefixRecords.RECORDS_MAX, PrefixNodes.NODES_MAX, NextHops.HOPS_MAX);
    }

    /// @param prefixesMax of each family
    /// @param nodesMax    of each family
    RouteTable(Arena arena, List<Interface> interfaces, int prefixesMax, int nodesMax, int hopsMax) {
        this.ipv4 = new PrefixTable(arena, 32, prefixesMax, nodesMax);
        this.ipv6 = new PrefixTable(arena, 128, prefixesMax, nodesMax);
        this.hops = new NextHops(arena, hopsMax);
        ipv4.put4(IPV4_MULTICAST.address().ipv4(), IPV4_MULTICAST.length(), fixedHop(RouteType.MULTICAST));
        ipv4.put4(IPV4_BROADCAST.address().ipv4(), IPV4_BROADCAST.length(), fixedHop(RouteType.BROADCAST));
        interfaces(interfaces);
    }

    private int fixedHop(RouteType type) {
        return hops.acquire(new NextHops.Key(type, Route.NO_INTERFACE, null, 0, LocalAddresses.NONE));
    }

    /// The next hop for an IPv4 target, or [NextHops#NONE] where there is no route.
    public int lookup4(int target) {
        return ipv4.lookup().ipv4(target);
    }

    /// The next hop for an IPv6 target, or [NextHops#NONE]. For a link-local one it is that of any interface which has
    /// such a route; ask [#linkLocal] where the interface is known.
    public int lookup6(long high, long low) {
        return ipv6.lookup().ipv6(high, low);
    }

    /// The next hop for IPv6 targets on the link of this interface (`fe80::/64`), or [NextHops#NONE] where the
    /// interface has no IPv6 address.
    public int linkLocal(int interfaceIndex) {
        return interfaceIndex < linkLocalHops.length ? linkLocalHops[interfaceIndex] : NextHops.NONE;
    }

    /// The memories behind [#lookup4] and [#lookup6], which never move.
    public PrefixLookup ipv4()  { return ipv4.lookup(); }
    public PrefixLookup ipv6()  { return ipv6.lookup(); }

    public NextHops hops() {
        return hops;
    }

    /// Another number after every change of a route, an address or an MTU: what was looked up before may be wrong.
    public int generation() {
        return generation;
    }

    /// Addresses of all interfaces, to ask whose an address is and to choose sources. Another object after
    /// [#interfaces(List)].
    public LocalAddresses addresses() {
        return addresses;
    }

    /// Number (in [#addresses]) of the address that IPv6 packets made here have when they leave for the target by this
    /// next hop, or [LocalAddresses#NONE].
    public int source6(int hop, long targetHigh, long targetLow) {
        int preferred = hops.preferredSource6(hop);
        if (preferred != LocalAddresses.NONE) return preferred;
        return addresses.source6(hops.egress(hop), targetHigh, targetLow);
    }

    /// Adds a route that an operator asks for. `interfaceIndex` may be missing where the gateway's address tells.
    public RouteResult add(Route route) {
        return add(route, false);
    }

    /// As [#add], and a route of the same prefix and metric goes.
    public RouteResult replace(Route route) {
        return add(route, true);
    }

    private RouteResult add(Route route, boolean replaces) {
        var request = new RouteRequest(route, interfaces, candidates);
        if (request.result() != RouteResult.DONE) return request.result();
        Candidate same = candidates.find(route.to(),
            each -> !each.isLocalTable() && each.route().metric() == route.metric());
        if (same != null && !replaces) return RouteResult.EXISTS;
        if (same == null && !hasRoom(route.to())) return RouteResult.TABLE_FULL;
        if (same != null) drop(same);
        insert(request.route());
        return RouteResult.DONE;
    }

    private boolean hasRoom(IpPrefix to) {
        PrefixTable table = to.address().isIpv4() ? ipv4 : ipv6;
        return table.hasRoom(DERIVED_SPARE + 1) && hops.leftCount() > DERIVED_SPARE;
    }

    /// Removes the first route of the prefix in table main that fits.
    public RouteResult remove(IpPrefix to, Predicate<Route> fits) {
        Candidate found = candidates.find(to, each -> !each.isLocalTable() && fits.test(each.route()));
        if (found == null) return RouteResult.NOT_FOUND;
        drop(found);
        return RouteResult.DONE;
    }

    /// Takes other interfaces. Derived routes change with the addresses. Routes through an interface that is gone go,
    /// and so do those that prefer a source address that is gone.
    public void interfaces(List<Interface> changed) {
        generation++;
        interfaces = List.copyOf(changed);
        addresses = new LocalAddresses(interfaces);
        List<Route> derived = ConnectedRoutes.of(interfaces);
        Set<Route> kept = new HashSet<>(derived);
        List<Candidate> stays = new ArrayList<>();
        List<Candidate> goes = new ArrayList<>();
        candidates.forEach(each -> (isKept(each.route(), kept) ? stays : goes).add(each));
        goes.forEach(this::drop);
        stays.forEach(this::relink);
        for (Route each : derived) {
            if (candidates.find(each.to(), other -> other.route().equals(each)) == null) insert(each);
        }
        linkLocalHops = new int[interfaces.stream().mapToInt(Interface::index).max().orElse(-1) + 1];
        Arrays.fill(linkLocalHops, NextHops.NONE);
        for (Candidate each = candidates.first(IPV6_LINK_LOCAL); each != null; each = each.next()) {
            if (each.route().isDerived()) linkLocalHops[each.route().interfaceIndex()] = each.hop();
        }
    }

    private boolean isKept(Route route, Set<Route> derived) {
        if (route.isDerived()) return derived.contains(route);
        boolean hasInterface = route.interfaceIndex() == Route.NO_INTERFACE
            || interfaces.stream().anyMatch(each -> each.index() == route.interfaceIndex());
        return hasInterface && (route.source() == null || RouteRequest.isLocal(route.source(), interfaces));
    }

    /// Every route, derived ones too, ordered by family, prefix and metric.
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        candidates.forEach(each -> routes.add(each.route()));
        routes.sort(LISTED);
        return routes;
    }

    private void insert(Route route) {
        Candidate added = candidates.add(route);
        NextHops.Key key = key(route);
        added.hop(key, hops.acquire(key));
        publish(route.to());
    }

    private void drop(Candidate gone) {
        candidates.remove(gone);
        publish(gone.route().to());
        hops.release(gone.key());
    }

    /// Gives a route its next hop anew: the source address it implies may have changed.
    private void relink(Candidate candidate) {
        NextHops.Key before = candidate.key();
        NextHops.Key now = key(candidate.route());
        if (now.equals(before)) return;
        candidate.hop(now, hops.acquire(now));
        publish(candidate.route().to());
        hops.release(before);
    }

    /// Writes to the prefix tables which next hop counts for the prefix now.
    private void publish(IpPrefix prefix) {
        generation++;
        Candidate first = candidates.first(prefix);
        IpAddress address = prefix.address();
        if (address.isIpv4()) {
            if (first == null) {
                ipv4.remove4(address.ipv4(), prefix.length());
            } else {
                ipv4.put4(address.ipv4(), prefix.length(), first.hop());
            }
        } else if (first == null) {
            ipv6.remove(address.high(), address.low(), prefix.length());
        } else {
            ipv6.put(address.high(), address.low(), prefix.length(), first.hop());
        }
    }

    private NextHops.Key key(Route route) {
        if (route.type().isRefusal()) {
            return new NextHops.Key(route.type(), Route.NO_INTERFACE, null, 0, LocalAddresses.NONE);
        }
        IpAddress via = route.via();
        boolean isIpv4Via = via != null && via.isIpv4();
        int source4 = 0;
        int source6 = LocalAddresses.NONE;
        if (route.to().address().isIpv4()) {
            source4 = route.source() != null ? route.source().ipv4()
                : addresses.source4(route.interfaceIndex(), isIpv4Via ? via.ipv4() : 0);
        } else if (route.source() != null) {
            source6 = addresses.find6(route.source().high(), route.source().low());
        }
        // An IPv4 gateway that is an address of ours means "on the link of that address", as in Linux.
        boolean isOnLink = isIpv4Via && interfaces.stream()
            .anyMatch(each -> each.index() == route.interfaceIndex() && each.owns(via));
        return new NextHops.Key(route.type(), route.interfaceIndex(), isOnLink ? null : via, source4, source6);
    }
}
