package io.millrace.simulation.change;

import io.millrace.flow.ruleset.Ruleset;
import io.millrace.packet.address.Addresses;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.memory.Verdict;
import io.millrace.simulation.model.ModelLink;
import io.millrace.simulation.model.ModelRoute;
import io.millrace.simulation.model.ModelRouter;
import io.millrace.simulation.traffic.Station;
import io.millrace.simulation.traffic.Surroundings;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Draws the changes of a run. Each is a command that the router must accept in its present state.
public final class Changes {

    private static final int ROUTES_MAX = 12;
    private static final List<Verdict> REFUSALS =
        List.of(Verdict.ROUTE_UNREACHABLE, Verdict.ROUTE_BLACKHOLE, Verdict.ROUTE_PROHIBIT);
    private static final List<String> NEIGHBOUR_STATES = List.of("permanent", "reachable", "stale", "noarp");
    private static final int[] MTUS = {1280, 1300, 1400, 1492, 1500};

    private final SplittableRandom random;
    private final ModelRouter model;
    private final Surroundings around;
    private final List<IpPrefix> networks;
    private final List<Ruleset> rulesets;
    private final boolean isGentle;
    private int addressCount;

    /// @param networks beyond the router's links, that routes lead to
    /// @param isGentle  routes, neighbours and rules mostly stay as they are
    /// @param rulesets that are swapped; with some, forwarding is never switched off, because packets of flows are not held
    ///                 against it
    public Changes(SplittableRandom random, ModelRouter model, Surroundings around, List<IpPrefix> networks,
                   List<Ruleset> rulesets, boolean isGentle) {
        this.rulesets = rulesets;
        this.isGentle = isGentle;
        this.random = random;
        this.model = model;
        this.around = around;
        this.networks = List.copyOf(networks);
    }

    /// Gives the router a route to each gateway's networks.
    public void begin(Operator operator) {
        for (IpPrefix to : networks) {
            if (to.length() != 24 && to.length() != 48 && to.length() != 16) continue;
            Station gateway = around.stations().stream().filter(Station::isGateway)
                .filter(each -> (each.link().vlan() != 0) == to.toString().contains("99")).findFirst().orElseThrow();
            ModelRoute route = routeOver(to, 20, gateway);
            operator.type("ip route add " + route.text());
            model.routes().add(route);
        }
    }

    /// Draws a change and has it carried out; returns the command.
    public String apply(Operator operator, long nowNs) {
        if (!rulesets.isEmpty() && random.nextInt(isGentle ? 20 : 8) == 0) return swap(operator, nowNs);
        Change change = draw();
        operator.type(change.command());
        change.effect().accept(model);
        return change.command();
    }

    private String swap(Operator operator, long nowNs) {
        int number = random.nextInt(rulesets.size());
        operator.load(rulesets.get(number), nowNs);
        return "nft -f, ruleset " + number;
    }

    private Change draw() {
        return switch (isGentle && random.nextInt(3) != 0 ? 15 : random.nextInt(16)) {
            case 0, 1, 2 -> addRoute();
            case 3, 4 -> model.routes().size() > 2 ? removeRoute() : addRoute();
            case 5, 6, 7, 8 -> setNeighbour();
            case 9, 10 -> removeNeighbour();
            case 11 -> mtu();
            case 12 -> address();
            case 13 -> rulesets.isEmpty() ? forwarding() : mtu();
            default -> neighbourSetting();
        };
    }

    private Change addRoute() {
        if (model.routes().size() >= ROUTES_MAX) return removeRoute();
        IpPrefix to = networks.get(random.nextInt(networks.size()));
        int metric = 10 * (1 + random.nextInt(3));
        boolean isKnown = model.routes().stream().anyMatch(each -> each.to().equals(to) && each.metric() == metric);
        ModelRoute route = random.nextInt(4) == 0
            ? new ModelRoute(to, metric, REFUSALS.get(random.nextInt(REFUSALS.size())), null, null)
            : routeOver(to, metric, gateway());
        return new Change("ip route " + (isKnown ? "replace " : "add ") + route.text(), router -> {
            router.routes().removeIf(each -> each.to().equals(to) && each.metric() == metric);
            router.routes().add(route);
        });
    }

    private Station gateway() {
        List<Station> gateways = around.stations().stream().filter(Station::isGateway).toList();
        return gateways.get(random.nextInt(gateways.size()));
    }

    private static ModelRoute routeOver(IpPrefix to, int metric, Station gateway) {
        IpAddress via = gateway.addresses().stream().filter(each -> each.family() == to.address().family())
            .findFirst().orElseThrow();
        return new ModelRoute(to, metric, null, gateway.link(), via);
    }

    private Change removeRoute() {
        ModelRoute gone = model.routes().get(random.nextInt(model.routes().size()));
        return new Change("ip route del " + gone.text(), router -> router.routes().remove(gone));
    }

    private Change setNeighbour() {
        Station station = station();
        IpAddress address = station.addresses().get(random.nextInt(station.addresses().size()));
        boolean isTrue = isGentle || random.nextInt(5) != 0;
        long mac = isTrue ? station.mac() : 0x0200_dead_0000L + random.nextInt(8);
        String state = isGentle ? "reachable" : NEIGHBOUR_STATES.get(random.nextInt(NEIGHBOUR_STATES.size()));
        return new Change("ip neigh replace " + address + " lladdr " + Addresses.mac(mac) + " dev "
            + station.link().name() + " nud " + state, _ -> around.told(station.link(), address, mac));
    }

    private Station station() {
        return around.stations().get(random.nextInt(around.stations().size()));
    }

    private Change removeNeighbour() {
        return new Change("ip neigh flush dev " + link().name(), _ -> { });
    }

    private ModelLink link() {
        return model.links().get(random.nextInt(model.links().size()));
    }

    /// A VLAN's MTU is at most that of its port.
    private Change mtu() {
        ModelLink link = link();
        int mtuBytes = MTUS[random.nextInt(MTUS.length)];
        for (ModelLink each : model.links()) {
            if (each.port() != link.port()) continue;
            mtuBytes = link.vlan() != 0 ? Math.min(mtuBytes, each.vlan() != 0 ? mtuBytes : each.mtuBytes())
                : Math.max(mtuBytes, each.vlan() == 0 ? mtuBytes : each.mtuBytes());
        }
        return mtu(link, mtuBytes);
    }

    private static Change mtu(ModelLink link, int mtuBytes) {
        return new Change("ip link set " + link.name() + " mtu " + mtuBytes, _ -> link.mtuBytes(mtuBytes));
    }

    /// Gives an interface a network of its own, or takes the last one away again.
    private Change address() {
        ModelLink link = link();
        List<IpPrefix> extra = new ArrayList<>(link.addresses().subList(2, link.addresses().size()));
        if (!extra.isEmpty() && random.nextBoolean()) {
            IpPrefix gone = extra.getLast();
            return new Change("ip addr del " + written(gone) + " dev " + link.name(),
                _ -> link.addresses().remove(gone));
        }
        int net = addressCount++;
        IpPrefix come = IpPrefix.parse(random.nextBoolean() ? "10.77." + net + ".1/24"
            : "2001:db8:77" + String.format("%02x", net) + "::1/64");
        return new Change("ip addr add " + written(come) + " dev " + link.name(),
            _ -> link.addresses().add(come));
    }

    private static String written(IpPrefix address) {
        return address.address() + "/" + address.length();
    }

    private Change forwarding() {
        ModelLink link = link();
        int family = random.nextBoolean() ? 4 : 6;
        boolean isOn = !link.forwards(family) || random.nextInt(3) != 0;
        return new Change("sysctl -w net.ipv" + family + ".conf." + link.name() + ".forwarding=" + (isOn ? 1 : 0),
            _ -> link.forwards(family, isOn));
    }

    private Change neighbourSetting() {
        String prefix = "sysctl -w net.ipv" + (random.nextBoolean() ? 4 : 6) + ".neigh.default.";
        String setting = switch (isGentle ? 4 : random.nextInt(6)) {
            case 0 -> "base_reachable_time_ms=" + (200 + random.nextInt(30_000));
            case 1 -> "delay_first_probe_time=" + random.nextInt(6);
            case 2 -> "retrans_time_ms=" + (10 + random.nextInt(1_000));
            case 3 -> "ucast_solicit=" + random.nextInt(4);
            case 4 -> "unres_qlen=" + (1 + random.nextInt(101));
            default -> "gc_stale_time=" + random.nextInt(60);
        };
        return new Change(prefix + setting, _ -> { });
    }
}
