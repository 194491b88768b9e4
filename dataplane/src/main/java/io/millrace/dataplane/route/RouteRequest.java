package io.millrace.dataplane.route;

import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.route.Candidates.Candidate;
import io.millrace.packet.address.IpAddress;

import java.util.List;

/// A route that somebody wants to add, checked as Linux checks it and completed: the interface is found by the
/// gateway's address where none is given.
final class RouteRequest {

    private final List<Interface> interfaces;
    private final Candidates candidates;
    private Route route;
    private final RouteResult result;

    RouteRequest(Route wanted, List<Interface> interfaces, Candidates candidates) {
        this.route = wanted;
        this.interfaces = interfaces;
        this.candidates = candidates;
        this.result = check();
    }

    /// `DONE` if the route may be added.
    RouteResult result() {
        return result;
    }

    Route route() {
        return route;
    }

    static boolean isLocal(IpAddress address, List<Interface> interfaces) {
        return interfaces.stream().anyMatch(each -> each.owns(address));
    }

    private RouteResult check() {
        if (route.to().address().isMulticast()) return RouteResult.MULTICAST_REFUSED;
        if (route.type().isRefusal()) return RouteResult.DONE;
        if (route.type() != RouteType.UNICAST) return RouteResult.TYPE_REFUSED;
        boolean isGiven = route.interfaceIndex() != Route.NO_INTERFACE;
        if (isGiven && interfaces.stream().noneMatch(each -> each.index() == route.interfaceIndex())) {
            return RouteResult.INTERFACE_UNKNOWN;
        }
        RouteResult reached = route.via() == null ? onLink(isGiven) : viaGateway(route.via(), isGiven);
        if (reached != RouteResult.DONE || route.source() == null) return reached;
        boolean isValid = route.source().family() == route.to().address().family()
            && isLocal(route.source(), interfaces);
        return isValid ? RouteResult.DONE : RouteResult.SOURCE_INVALID;
    }

    private static RouteResult onLink(boolean isGiven) {
        return isGiven ? RouteResult.DONE : RouteResult.INTERFACE_UNKNOWN;
    }

    private RouteResult viaGateway(IpAddress via, boolean isGiven) {
        boolean isIpv4Target = route.to().address().isIpv4();
        if (via.isMulticast() || via.isUnspecified() || via.isLoopback()) return RouteResult.GATEWAY_INVALID;
        if (via.isIpv4()) return isIpv4Target ? viaIpv4(via, isGiven) : RouteResult.GATEWAY_INVALID;
        if (via.isLinkLocal()) return isGiven ? RouteResult.DONE : RouteResult.INTERFACE_NEEDED;
        if (isLocal(via, interfaces)) return RouteResult.GATEWAY_IS_LOCAL;
        return viaIpv6(via, isGiven);
    }

    /// Of the routes that lead to the gateway only those without a gateway of their own count, so a longer one with a
    /// gateway does not hide a connected one (`fib_check_nh` looks up with the scope of a link).
    private RouteResult viaIpv4(IpAddress via, boolean isGiven) {
        Candidate towards = candidates.findCovering(via, each -> isOnLink(each) && leavesBy(each, isGiven));
        if (towards == null) return RouteResult.GATEWAY_INVALID;
        RouteType type = towards.route().type();
        if (type != RouteType.UNICAST && type != RouteType.LOCAL) return RouteResult.GATEWAY_INVALID;
        complete(towards.route().interfaceIndex());
        return RouteResult.DONE;
    }

    /// The longest route to the gateway counts and must have no gateway of its own; table main is asked first.
    private RouteResult viaIpv6(IpAddress via, boolean isGiven) {
        Candidate towards = candidates.findCovering(via, each -> !each.isLocalTable() && leavesBy(each, isGiven));
        if (towards == null || !isOnLink(towards)) {
            towards = candidates.findCovering(via, each -> each.isLocalTable() && leavesBy(each, isGiven));
        }
        if (towards == null) return RouteResult.GATEWAY_UNREACHABLE;
        complete(towards.route().interfaceIndex());
        return RouteResult.DONE;
    }

    private static boolean isOnLink(Candidate candidate) {
        return candidate.route().via() == null && !candidate.route().type().isRefusal();
    }

    private boolean leavesBy(Candidate candidate, boolean isGiven) {
        return !isGiven || candidate.route().interfaceIndex() == route.interfaceIndex();
    }

    private void complete(int interfaceIndex) {
        route = new Route(route.to(), route.type(), interfaceIndex, route.via(), route.metric(), route.source(), false);
    }
}
