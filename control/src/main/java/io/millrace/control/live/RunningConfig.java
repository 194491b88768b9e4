package io.millrace.control.live;

import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.Forwarding;
import io.millrace.dataplane.config.NeighbourConfig;
import io.millrace.dataplane.config.RouteConfig;
import io.millrace.dataplane.config.RouteType;
import io.millrace.dataplane.iface.Interfaces;
import io.millrace.dataplane.neighbour.Neighbour;
import io.millrace.dataplane.neighbour.NeighbourState;
import io.millrace.dataplane.route.Route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What runs, as a configuration: interfaces and sysctls as configured last, routes and permanent neighbours from the
/// tables.
public final class RunningConfig {

    private final RunningDataplane running;

    public RunningConfig(RunningDataplane running) {
        this.running = running;
    }

    /// The routes that are not derived from addresses.
    public List<Route> routes() {
        return running.onRouter(_ -> running.router().routes().routes().stream()
            .filter(each -> !each.isDerived()).toList());
    }

    public List<Neighbour> permanentNeighbours() {
        return running.onRouter(_ -> running.router().neighbours().neighbours().stream()
            .filter(each -> each.state() == NeighbourState.PERMANENT).toList());
    }

    /// Throws a [io.millrace.dataplane.config.ConfigException] where what runs could not be started like this: a route
    /// whose gateway's network has gone, say; and a [Refusal] for what config files cannot say.
    public DataplaneConfig whole() {
        DataplaneConfig config = running.config();
        if (config.forwarding() == Forwarding.PATCH) return config;
        Interfaces interfaces = running.router().interfaces();
        var routes = new ArrayList<RouteConfig>();
        for (Route each : routes()) {
            if (each.source() != null) {
                throw new Refusal(1, "the route to " + each.to() + " prefers the source " + each.source()
                    + ", which a config file cannot say");
            }
            Optional<String> port = each.interfaceIndex() == Route.NO_INTERFACE ? Optional.empty()
                : Optional.of(interfaces.get(each.interfaceIndex()).name());
            routes.add(new RouteConfig(each.to(), RouteType.valueOf(each.type().name()),
                Optional.ofNullable(each.via()), port, Integer.toUnsignedLong(each.metric())));
        }
        var neighbours = new ArrayList<NeighbourConfig>();
        for (Neighbour each : permanentNeighbours()) {
            neighbours.add(new NeighbourConfig(each.address(), each.mac(),
                Optional.of(interfaces.get(each.interfaceIndex()).name())));
        }
        return new DataplaneConfig(config.workers(), config.threading(), config.forwarding(), config.ports(),
            config.links(), routes, neighbours, config.sysctl(), config.rules(), config.nics(), config.seed(),
            config.pollIntervalNs(), config.drainNs());
    }
}
