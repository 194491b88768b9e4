package io.millrace.control.live;

import io.millrace.control.nft.Listing;
import io.millrace.control.nft.TextListing;
import io.millrace.dataplane.assembly.RouterAssembly;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.Forwarding;
import io.millrace.dataplane.config.InterfaceConfig;
import io.millrace.dataplane.config.LinkConfig;
import io.millrace.dataplane.config.NeighbourConfig;
import io.millrace.dataplane.config.OffloadConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.PppoeConfig;
import io.millrace.dataplane.config.RouteConfig;
import io.millrace.dataplane.config.RulesConfig;
import io.millrace.dataplane.hook.LoadedRules;
import io.millrace.dataplane.config.VlanConfig;
import io.millrace.dataplane.neighbour.Neighbour;
import io.millrace.dataplane.neighbour.NeighbourResult;
import io.millrace.dataplane.neighbour.NeighbourState;
import io.millrace.dataplane.neighbour.NeighbourTable;
import io.millrace.dataplane.route.Route;
import io.millrace.dataplane.route.RouteResult;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.flow.flower.nft.NotOffloadable;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.packet.address.Addresses;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/// From what runs to another configuration: what would change, and what cannot while it runs. Applied as a whole, by
/// the worker, between two bursts.
public final class ConfigDifference {

    /// @param sign    `+` comes, `-` goes, `~` changes, `!` cannot change while it runs
    /// @param subject `lan: address 10.0.0.1/24`
    public record Change(char sign, String subject) {}

    /// A neighbour for good.
    private record Permanent(int interfaceIndex, IpAddress address, long mac) {}

    private final RunningDataplane running;
    private final RunningRules rules;
    private DataplaneConfig wanted;
    private LoadedRules newRules;
    private boolean hasOtherRules;
    private final List<Change> changes = new ArrayList<>();
    private final List<Route> goneRoutes = new ArrayList<>();
    private final List<Route> newRoutes = new ArrayList<>();
    private final List<Permanent> goneNeighbours = new ArrayList<>();
    private final List<Permanent> newNeighbours = new ArrayList<>();

    public ConfigDifference(RunningDataplane running, DataplaneConfig wanted) {
        this.running = running;
        this.rules = new RunningRules(running);
        this.wanted = wanted;
        DataplaneConfig present = running.config();
        compareFixed(present);
        if (!isLive() || wanted.forwarding() == Forwarding.PATCH) return;
        compareRules(present.rules(), wanted.rules());
        compareInterfaces(present);
        compareSysctls(present);
        compareRoutes();
        compareNeighbours();
    }

    public List<Change> changes() {
        return List.copyOf(changes);
    }

    /// True if all of it can change while packets pass.
    public boolean isLive() {
        return changes.stream().noneMatch(each -> each.sign() == '!');
    }

    private void compareFixed(DataplaneConfig present) {
        fixed("workers", present.workers(), wanted.workers());
        fixed("threading", present.threading(), wanted.threading());
        fixed("forwarding", present.forwarding(), wanted.forwarding());
        fixed("seed", present.seed(), wanted.seed());
        fixed("poll-interval", present.pollIntervalNs(), wanted.pollIntervalNs());
        fixed("drain", present.drainNs(), wanted.drainNs());
        fixed("nics", present.nics(), wanted.nics());
        fixed("ports", present.topology().names(), wanted.topology().names());
        if (!isLive()) return;
        for (int i = 0; i < present.ports().size(); i++) {
            PortConfig before = present.ports().get(i);
            PortConfig after = wanted.ports().get(i);
            fixed("ports/" + before.wireEntry() + "/wire", before.wire(), after.wire());
            fixed("ports/" + before.name() + "/mac", before.mac(), after.mac());
            compareOffload(before.name(), before.offload(), after.offload());
            fixed("ports/" + before.name() + "/nic", before.nic(), after.nic());
        }
        for (int i = 0; i < present.links().size(); i++) {
            LinkConfig before = present.links().get(i);
            LinkConfig after = wanted.links().get(i);
            fixed("ports/" + before.name() + "/link", before.link(), after.link());
            switch (before) {
                case VlanConfig vlan when after instanceof VlanConfig wantedVlan -> {
                    fixed("ports/" + before.name() + "/vlan", vlan.tag(), wantedVlan.tag());
                    fixed("ports/" + before.name() + "/mac", vlan.mac(), wantedVlan.mac());
                }
                case PppoeConfig pppoe when after instanceof PppoeConfig wantedPppoe -> {
                    fixed("ports/" + before.name() + "/pppoe/session", pppoe.session(), wantedPppoe.session());
                    fixed("ports/" + before.name() + "/pppoe/peer", pppoe.peer(), wantedPppoe.peer());
                }
                default -> changes.add(new Change('!', "ports/" + before.name() + "/pppoe"));
            }
        }
    }

    private void compareOffload(String port, OffloadConfig before, OffloadConfig after) {
        fixed("ports/" + port + "/gro", before.merges(), after.merges());
        fixed("ports/" + port + "/gso", before.cutsLate(), after.cutsLate());
        fixed("ports/" + port + "/rx-udp-gro-forwarding", before.mergesUdp(), after.mergesUdp());
        fixed("ports/" + port + "/gro-flush-timeout", before.flushTimeoutNs(), after.flushTimeoutNs());
    }

    private void fixed(String key, Object before, Object after) {
        if (!Objects.equals(before, after)) changes.add(new Change('!', key));
    }

    private void compareInterfaces(DataplaneConfig present) {
        for (InterfaceConfig before : present.topology().interfaces()) {
            InterfaceConfig after = wanted.topology().find(before.name()).orElseThrow();
            int mtuBefore = present.topology().mtuBytes(before);
            int mtuAfter = wanted.topology().mtuBytes(after);
            if (mtuBefore != mtuAfter) {
                changes.add(new Change('~', before.name() + ": mtu " + mtuBefore + " -> " + mtuAfter));
            }
            List<IpPrefix> gone = minus(before.addresses(), after.addresses());
            List<IpPrefix> come = minus(after.addresses(), before.addresses());
            for (IpPrefix each : gone) changes.add(new Change('-', before.name() + ": address " + written(each)));
            for (IpPrefix each : come) changes.add(new Change('+', before.name() + ": address " + written(each)));
            boolean isReordered = gone.isEmpty() && come.isEmpty() && !before.addresses().equals(after.addresses());
            if (isReordered) changes.add(new Change('~', before.name() + ": order of addresses"));
        }
    }

    private static String written(IpPrefix address) {
        return address.address() + "/" + address.length();
    }

    /// As they are listed, without what was counted.
    private void compareRules(RulesConfig before, RulesConfig after) {
        fixed("flowtable-lookup", before.looksUpFlows(), after.looksUpFlows());
        String listedBefore = listed(before.ruleset());
        String listedAfter = listed(after.ruleset());
        hasOtherRules = !listedBefore.equals(listedAfter);
        if (!hasOtherRules) return;
        String from = after.file().map(file -> " from " + file).orElse("");
        changes.add(new Change('~', "ruleset" + from + ": " + count(listedBefore) + " -> " + count(listedAfter)));
    }

    private static String listed(Ruleset ruleset) {
        return TextListing.of(ruleset, Listing.ALL, new TextListing.Style(false, true, false));
    }

    private static String count(String listing) {
        return listing.isEmpty() ? "none" : listing.lines().count() + " lines";
    }

    private void compareSysctls(DataplaneConfig present) {
        Map<String, Long> before = present.sysctl().values();
        Map<String, Long> after = wanted.sysctl().values();
        var names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            if (Objects.equals(before.get(name), after.get(name))) continue;
            changes.add(new Change('~', "sysctl " + name + " " + shown(before.get(name)) + " -> "
                + shown(after.get(name))));
        }
        if (!present.sysctl().icmpv6RateMask().equals(wanted.sysctl().icmpv6RateMask())) {
            changes.add(new Change('~', "sysctl net.ipv6.icmp.ratemask " + present.sysctl().icmpv6RateMask() + " -> "
                + wanted.sysctl().icmpv6RateMask()));
        }
    }

    private static String shown(Long value) {
        return value == null ? "(default)" : value.toString();
    }

    private void compareRoutes() {
        List<Route> before = new RunningConfig(running).routes();
        List<Route> after = new ArrayList<>();
        for (RouteConfig each : wanted.routes()) after.add(running.router().route(wanted, each));
        goneRoutes.addAll(minus(before, after));
        newRoutes.addAll(minus(after, before));
        for (Route each : goneRoutes) changes.add(new Change('-', "route " + text(each)));
        for (Route each : newRoutes) changes.add(new Change('+', "route " + text(each)));
    }

    private String text(Route route) {
        String type = route.type().isRefusal() ? route.type() + " " : "";
        String via = route.via() == null ? "" : " via " + route.via();
        String device = route.interfaceIndex() == Route.NO_INTERFACE ? ""
            : " dev " + running.router().interfaces().get(route.interfaceIndex()).name();
        String source = route.source() == null ? "" : " src " + route.source();
        return type + route.to() + via + device + source
            + (route.metric() == 0 ? "" : " metric " + Integer.toUnsignedString(route.metric()));
    }

    private void compareNeighbours() {
        List<Permanent> before = new ArrayList<>();
        for (Neighbour each : new RunningConfig(running).permanentNeighbours()) {
            before.add(new Permanent(each.interfaceIndex(), each.address(), each.mac()));
        }
        List<Permanent> after = new ArrayList<>();
        for (NeighbourConfig each : wanted.neighbours()) {
            String name = wanted.topology().interfaceOf(each).orElseThrow();
            after.add(new Permanent(running.router().interfaces().find(name).index(), each.address(), each.mac()));
        }
        goneNeighbours.addAll(minus(before, after));
        newNeighbours.addAll(minus(after, before));
        for (Permanent each : goneNeighbours) changes.add(new Change('-', "neighbour " + text(each)));
        for (Permanent each : newNeighbours) changes.add(new Change('+', "neighbour " + text(each)));
    }

    private String text(Permanent each) {
        return each.address() + " lladdr " + Addresses.mac(each.mac()) + " dev "
            + running.router().interfaces().get(each.interfaceIndex()).name();
    }

    private static <T> List<T> minus(List<T> from, List<T> those) {
        return from.stream().filter(each -> !those.contains(each)).toList();
    }

    /// Makes what runs be what is wanted. What cannot change while it runs refuses all of it.
    public void apply() {
        if (!isLive()) {
            throw new Refusal(1, "nothing was changed: this cannot change while packets pass: "
                + String.join(", ", changes.stream().filter(each -> each.sign() == '!').map(Change::subject).toList()));
        }
        if (wanted.forwarding() == Forwarding.PATCH) return;
        tryRoutes();
        Ruleset before = running.config().rules().ruleset();
        if (hasOtherRules) prepareRules();
        Runnable software = () -> running.change(
            InterfaceEdit.withoutRoutes(wanted, wanted.ports(), wanted.links(), wanted.sysctl()), this::applyTables);
        if (!hasOtherRules) {
            software.run();
            return;
        }
        try {
            rules.inHardware(rules.offloaded(newRules.program().ruleset()), software);
        } catch (NotOffloadable e) {
            throw new Refusal(1, "nothing was changed: " + e.text());
        }
        rules.publish(before, newRules.program().ruleset(), "config reload");
    }

    /// Compiled beforehand: then nothing is left that could be refused.
    private void prepareRules() {
        Ruleset ruleset = wanted.rules().ruleset().inPlaceOf(running.config().rules().ruleset());
        newRules = rules.load(ruleset);
        wanted = wanted.withRules(
            new RulesConfig(wanted.rules().file(), ruleset, wanted.rules().looksUpFlows()));
    }

    /// In a table of their own the routes show whether the table takes them all.
    private void tryRoutes() {
        try (Arena arena = Arena.ofConfined()) {
            var trial = new RouteTable(arena, RouterAssembly.interfaces(wanted));
            for (RouteConfig each : wanted.routes()) {
                RouteResult result = trial.add(running.router().route(wanted, each));
                if (result == RouteResult.DONE) continue;
                throw new Refusal(2, "nothing was changed: route to " + each.to() + ": " + result.meaning());
            }
        }
    }

    /// On the worker, after [#tryRoutes] has shown that nothing will be refused.
    private void applyTables(long nowNs) {
        if (newRules != null) running.router().use(newRules, nowNs);
        RouteTable routes = running.router().routes();
        NeighbourTable neighbours = running.router().neighbours();
        for (Route each : goneRoutes) routes.remove(each.to(), each::equals);   // it may have gone with its address
        for (Route each : newRoutes) {
            RouteResult result = routes.replace(each);
            if (result != RouteResult.DONE) throw new IllegalStateException(text(each) + ": " + result.meaning());
        }
        for (Permanent each : goneNeighbours) neighbours.remove(each.interfaceIndex(), each.address(), nowNs);
        for (Permanent each : newNeighbours) {
            NeighbourResult result = neighbours.replace(each.interfaceIndex(), each.address(), each.mac(),
                NeighbourState.PERMANENT, nowNs);
            if (result != NeighbourResult.DONE) throw new IllegalStateException(text(each) + ": " + result.meaning());
        }
    }
}
