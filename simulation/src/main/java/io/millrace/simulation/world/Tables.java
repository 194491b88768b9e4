package io.millrace.simulation.world;

import io.millrace.dataplane.assembly.RouterAssembly;
import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.neighbour.Neighbour;
import io.millrace.dataplane.neighbour.NeighbourState;
import io.millrace.dataplane.route.NextHops;
import io.millrace.dataplane.route.Route;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.dataplane.route.RouteType;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.memory.Verdict;
import io.millrace.simulation.journal.Violation;
import io.millrace.simulation.model.Fate;
import io.millrace.simulation.model.ModelLink;
import io.millrace.simulation.model.ModelRoute;
import io.millrace.simulation.model.ModelRouter;
import io.millrace.simulation.traffic.Host;
import io.millrace.simulation.traffic.Station;
import io.millrace.simulation.traffic.Surroundings;

import java.util.List;

/// Whether the router's tables say what the model says.
final class Tables {

    private final RouterAssembly router;
    private final ModelRouter model;
    private final Surroundings around;

    Tables(RouterAssembly router, ModelRouter model, Surroundings around) {
        this.router = router;
        this.model = model;
        this.around = around;
    }

    void check() {
        checkInterfaces();
        checkRoutes();
        for (Host each : around.hosts()) {
            checkLookup(each.ipv4());
            checkLookup(each.ipv6());
        }
        for (Station each : around.stations()) each.addresses().forEach(this::checkLookup);
        checkNeighbours();
    }

    private void checkInterfaces() {
        for (ModelLink each : model.links()) {
            Interface real = router.interfaces().get(each.index());
            List<IpPrefix> addresses =
                real.addresses().stream().filter(address -> !address.address().isLinkLocal()).toList();
            boolean isSame = real.mtuBytes() == each.mtuBytes() && addresses.equals(each.addresses())
                && real.settings().forwardsIpv4() == each.forwards(4)
                && real.settings().forwardsIpv6() == each.forwards(6);
            if (!isSame) throw new Violation("interfaces are what was configured", real + " is not " + each);
        }
    }

    private void checkRoutes() {
        List<Route> routes = router.routes().routes().stream().filter(each -> !each.isDerived()).toList();
        boolean isSame = routes.size() == model.routes().size();
        for (ModelRoute each : model.routes()) isSame &= routes.stream().anyMatch(real -> isSame(real, each));
        if (!isSame) throw new Violation("routes are what was configured", routes + " is not " + model.routes());
    }

    private static boolean isSame(Route real, ModelRoute wanted) {
        boolean isPlace = real.to().equals(wanted.to()) && real.metric() == wanted.metric();
        if (!isPlace || wanted.refusal() != null) return isPlace && real.type().isRefusal();
        return real.type() == RouteType.UNICAST && real.interfaceIndex() == wanted.egress().index()
            && wanted.via().equals(real.via());
    }

    private void checkLookup(IpAddress target) {
        RouteTable routes = router.routes();
        NextHops hops = routes.hops();
        int hop = target.isIpv4() ? routes.lookup4(target.ipv4()) : routes.lookup6(target.high(), target.low());
        Fate way = model.way(target);
        boolean isSame = switch (way.verdict()) {
            case NO_ROUTE -> hop == NextHops.NONE;
            case ROUTE_UNREACHABLE -> hop != NextHops.NONE && hops.type(hop) == RouteType.UNREACHABLE;
            case ROUTE_BLACKHOLE -> hop != NextHops.NONE && hops.type(hop) == RouteType.BLACKHOLE;
            case ROUTE_PROHIBIT -> hop != NextHops.NONE && hops.type(hop) == RouteType.PROHIBIT;
            default -> hop != NextHops.NONE && hops.type(hop) == RouteType.UNICAST
                && hops.egress(hop) == way.egress().index() && gateway(hops, hop, target).equals(way.nextHop());
        };
        assert way.goesOn() || way.verdict().ending() == Verdict.Ending.DROPPED : way;
        if (!isSame) {
            throw new Violation("lookups find what the model finds", target + ": " + way + ", found next hop " + hop);
        }
    }

    private static IpAddress gateway(NextHops hops, int hop, IpAddress target) {
        return switch (hops.gatewayFamily(hop)) {
            case 4 -> IpAddress.ofIpv4(hops.gateway4(hop));
            case 6 -> IpAddress.ofIpv6(hops.gatewayHigh(hop), hops.gatewayLow(hop));
            default -> target;
        };
    }

    /// Nobody has a MAC address that nobody told.
    private void checkNeighbours() {
        for (Neighbour each : router.neighbours().neighbours()) {
            if (!each.hasMac() || each.address().isMulticast()) continue;
            if (!around.wasTold(each.interfaceIndex(), each.address(), each.mac())) {
                throw new Violation("neighbours are what somebody told", NeighbourState.name(each.state()) + " "
                    + each);
            }
        }
    }
}
