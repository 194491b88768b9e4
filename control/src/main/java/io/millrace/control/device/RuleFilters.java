package io.millrace.control.device;

import io.millrace.control.live.HardwareRules;
import io.millrace.control.live.Refusal;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.nft.NotOffloadable;
import io.millrace.flow.flower.nft.OffloadedChains;
import io.millrace.flow.flower.nft.OffloadedRule;
import io.millrace.flow.ruleset.Rule;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.Table;
import io.millrace.nic.port.Port;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.SimPort;
import io.millrace.nic.sim.filter.DeviceFilters;
import io.millrace.nic.sim.filter.FilterChange;
import io.millrace.nic.sim.filter.FilterCount;
import io.millrace.nic.sim.filter.FilterName;
import io.millrace.nic.sim.filter.FilterOwner;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.mailbox.DeviceCommand;
import io.millrace.nic.sim.model.NicFeature;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Chains of rules with `flags offload`, as filters in the NICs of their ports. A NIC changes from one set of rules to
/// the next between two packets; filters that are in both stay, and go on counting.
///
/// While a device cannot hold filters software runs the chains.
///
/// Control thread alone; before the run begins, whoever begins it.
public final class RuleFilters implements HardwareRules {

    /// Rules have handles, tables too; neither is ever used again.
    private record RuleId(long table, long rule) {

        static RuleId of(OffloadedRule rule) {
            return new RuleId(rule.table().handle(), rule.rule() == null ? 0 : rule.rule().handle());
        }
    }

    private record Held(RuleId rule, FlowerFilter filter, FilterName name, String text) {}

    private static final class Counted {
        private long packets;
        private long bytes;

        void add(FilterCount count) {
            packets += count.packets();
            bytes += count.bytes();
        }
    }

    private final List<Port> ports;
    private Nics nics;
    private Map<String, List<OffloadedRule>> present = Map.of();
    private final Map<Integer, List<Held>> heldByPort = new HashMap<>();
    private final Map<RuleId, Counted> countedBefore = new HashMap<>();
    private int nextSlot;
    private String said = "";

    public RuleFilters(List<Port> ports) {
        this.ports = List.copyOf(ports);
    }

    /// The rules of a run that has not begun, whose devices have no turns yet.
    public void begin(Ruleset ruleset) {
        Map<String, Integer> byName = new HashMap<>();
        for (Port port : ports) byName.put(port.name(), port.index());
        try {
            change(OffloadedChains.translate(ruleset, byName));
        } catch (NotOffloadable e) {
            throw new ConfigException(e.text());
        }
    }

    /// From now on commands go through the devices' mailboxes.
    public void use(Nics controlled) {
        nics = controlled;
    }

    @Override
    public Map<String, List<OffloadedRule>> change(Map<String, List<OffloadedRule>> rules) throws NotOffloadable {
        if (rules.isEmpty() && present.isEmpty()) return present;
        for (var each : rules.entrySet()) check(each.getKey(), each.getValue());
        List<SimNic> changed = new ArrayList<>();
        for (SimNic nic : allNics()) {
            String why = install(nic, wanted(nic, rules));
            if (why == null) {
                changed.add(nic);
                continue;
            }
            for (SimNic done : changed) install(done, wanted(done, present));
            NotOffloadable refusal = refusal(nic, rules, why);
            tellRefused(nic, refusal);
            throw refusal;
        }
        Map<String, List<OffloadedRule>> before = present;
        present = rules;
        return before;
    }

    private void tellRefused(SimNic nic, NotOffloadable refusal) {
        if (nics == null) return;
        String chain = "nft " + refusal.table().family().text() + " " + refusal.table().name() + " "
            + refusal.chain().name();
        nics.of(nic).filterWatch().tell(FilterWatch.Action.REFUSE, "", chain, refusal.why());
    }

    private List<SimNic> allNics() {
        return ports.stream().filter(SimPort.class::isInstance).map(each -> ((SimPort) each).nic()).distinct()
            .toList();
    }

    private void check(String device, List<OffloadedRule> rules) throws NotOffloadable {
        if (rules.isEmpty()) return;   // a chain without rules asks nothing of anybody
        OffloadedRule first = rules.getFirst();
        boolean isThere = port(device) instanceof SimPort port && port.isOn(NicFeature.FILTERS);
        if (!isThere) {
            throw new NotOffloadable(first.table(), first.chain(), null, null,
                "port " + device + " is not at a NIC that filters");
        }
        SimNic nic = ((SimPort) port(device)).nic();
        for (OffloadedRule each : rules) {
            String why = FilterObstacles.of(nic, each.filter());
            if (why != null) throw new NotOffloadable(each.table(), each.chain(), each.rule(), null, why);
        }
    }

    private Port port(String name) {
        return ports.stream().filter(each -> each.name().equals(name)).findFirst().orElse(null);
    }

    private NotOffloadable refusal(SimNic nic, Map<String, List<OffloadedRule>> rules, String why) {
        List<OffloadedRule> ofNic = wanted(nic, rules).values().stream().flatMap(List::stream).toList();
        List<OffloadedRule> any = ofNic.isEmpty() ? present.values().stream().flatMap(List::stream).toList() : ofNic;
        return new NotOffloadable(any.getLast().table(), any.getLast().chain(), any.getLast().rule(), null, why);
    }

    /// By port; of every port of the NIC.
    private Map<Integer, List<OffloadedRule>> wanted(SimNic nic, Map<String, List<OffloadedRule>> rules) {
        Map<Integer, List<OffloadedRule>> wanted = new LinkedHashMap<>();
        for (SimPort port : nic.ports()) wanted.put(port.index(), rules.getOrDefault(port.name(), List.of()));
        return wanted;
    }

    /// Has the device hold these filters at these ports and no others. Returns why it does not, or null.
    private String install(SimNic nic, Map<Integer, List<OffloadedRule>> wanted) {
        List<Held> gone = new ArrayList<>();
        List<FilterChange.Added> added = new ArrayList<>();
        Map<Integer, List<Held>> after = new HashMap<>();
        wanted.forEach((port, rules) -> after.put(port, difference(port, rules, gone, added)));
        if (gone.isEmpty() && added.isEmpty()) return null;
        var counts = new ArrayList<FilterCount>();
        var change = new FilterChange(gone.stream().map(Held::name).toList(), added);
        long modeGeneration = nic.eswitch().generation();
        CommandResult result = carryOut(nic, nowNs -> {
            counts.clear();
            for (FilterName name : change.gone()) counts.add(count(nic.filters(), name));
            CommandResult outcome = nic.filters().change(change, modeGeneration, nowNs);
            said = nic.filters().refusal();
            return outcome;
        });
        if (result == null) {
            takeBack(nic, gone, added);
            return "the device did not answer";
        }
        if (result != CommandResult.DONE) return said.isEmpty() ? result.meaning() : said;
        for (int i = 0; i < gone.size(); i++) {
            countedBefore.computeIfAbsent(gone.get(i).rule(), _ -> new Counted()).add(counts.get(i));
        }
        heldByPort.putAll(after);
        tellPorts(nic);
        for (Held each : gone) tell(nic, FilterWatch.Action.REMOVE, each, "");
        Set<FilterName> addedNames = new HashSet<>();
        change.added().forEach(each -> addedNames.add(each.name()));
        for (List<Held> held : after.values()) {
            for (Held each : held) {
                if (addedNames.contains(each.name())) tell(nic, FilterWatch.Action.ADD, each, "");
            }
        }
        return null;
    }

    private static String text(OffloadedRule rule) {
        return "nft " + rule.table().family().text() + " " + rule.table().name() + " " + rule.chain().name()
            + (rule.rule() == null ? " end" : " rule " + rule.rule().handle());
    }

    /// The beginning of a run is told nobody.
    private void tell(SimNic nic, FilterWatch.Action action, Held held, String reason) {
        if (nics == null) return;
        nics.of(nic).filterWatch().tell(action, ports.get(held.name().port()).name(), held.text(), reason);
    }

    /// What a port holds afterwards; what changes is added to the two lists.
    private List<Held> difference(int port, List<OffloadedRule> rules, List<Held> gone,
                                  List<FilterChange.Added> added) {
        record Key(RuleId rule, FlowerFilter filter) {}
        Map<Key, Held> before = new LinkedHashMap<>();
        for (Held each : heldByPort.getOrDefault(port, List.of())) {
            before.put(new Key(each.rule(), each.filter()), each);
        }
        List<Held> after = new ArrayList<>();
        for (OffloadedRule each : rules) {
            Held kept = before.remove(new Key(RuleId.of(each), each.filter()));
            if (kept == null) {
                kept = new Held(RuleId.of(each), each.filter(), newName(port), text(each));
                added.add(new FilterChange.Added(kept.name(), each.filter()));
            }
            after.add(kept);
        }
        gone.addAll(before.values());
        return after;
    }

    private FilterName newName(int port) {
        return new FilterName(FilterOwner.RULES, port, nextSlot++, 1);
    }

    /// Whether the change was, or will be, carried out is not known: behind it the old filters come again by new names.
    private void takeBack(SimNic nic, List<Held> gone, List<FilterChange.Added> added) {
        List<FilterName> names = new ArrayList<>();
        added.forEach(each -> names.add(each.name()));
        List<FilterChange.Added> again = new ArrayList<>();
        for (Held each : gone) {
            names.add(each.name());
            var renamed = new Held(each.rule(), each.filter(), newName(each.name().port()), each.text());
            again.add(new FilterChange.Added(renamed.name(), renamed.filter()));
            heldByPort.get(each.name().port()).replaceAll(held -> held == each ? renamed : held);
        }
        var change = new FilterChange(names, again);
        long modeGeneration = nic.eswitch().generation();
        nics.of(nic).send(nowNs -> nic.filters().change(change, modeGeneration, nowNs));
    }

    private CommandResult carryOut(SimNic nic, DeviceCommand command) {
        if (nics == null) return command.carryOut(0);
        try {
            return nics.of(nic).carryOut(command);
        } catch (Refusal e) {
            return null;
        }
    }

    private void tellPorts(SimNic nic) {
        if (nics == null) return;
        for (SimPort port : nic.ports()) {
            nics.of(nic).port(port).filters().ruleCount(heldByPort.getOrDefault(port.index(), List.of()).size());
        }
    }

    /// The port's filters leave the device below it.
    public void leave(int port) {
        if (!present.isEmpty()) install(((SimPort) ports.get(port)).nic(), Map.of(port, List.of()));
    }

    /// The device below the port has dropped its filters, and what they counted.
    public void lost(int port) {
        List<Held> lost = heldByPort.remove(port);
        if (lost == null) return;
        for (Held each : lost) tell(((SimPort) ports.get(port)).nic(), FilterWatch.Action.LOST, each, "");
    }

    /// The port's filters are offered to the device below it; those of a set that it refuses software runs.
    public void enter(int port) {
        List<OffloadedRule> rules = present.getOrDefault(ports.get(port).name(), List.of());
        if (!rules.isEmpty()) install(((SimPort) ports.get(port)).nic(), Map.of(port, rules));
    }

    @Override
    public Counts counts() {
        if (present.isEmpty()) return (_, _) -> NOTHING;
        Map<RuleId, Counted> counted = new HashMap<>();
        countedBefore.forEach((rule, before) -> {
            var copy = new Counted();
            copy.packets = before.packets;
            copy.bytes = before.bytes;
            counted.put(rule, copy);
        });
        for (SimNic nic : allNics()) {
            List<Held> held = nic.ports().stream()
                .flatMap(port -> heldByPort.getOrDefault(port.index(), List.of()).stream()).toList();
            if (held.isEmpty()) continue;
            var counts = new ArrayList<FilterCount>();
            CommandResult result = carryOut(nic, _ -> {
                counts.clear();
                for (Held each : held) counts.add(count(nic.filters(), each.name()));
                return CommandResult.DONE;
            });
            if (result != CommandResult.DONE || counts.isEmpty()) continue;
            for (int i = 0; i < held.size(); i++) {
                counted.computeIfAbsent(held.get(i).rule(), _ -> new Counted()).add(counts.get(i));
            }
        }
        return (table, rule) -> numbers(counted, table, rule);
    }

    private static long[] numbers(Map<RuleId, Counted> counted, Table table, Rule rule) {
        Counted found = counted.get(new RuleId(table.handle(), rule.handle()));
        return found == null ? NOTHING : new long[] {found.packets, found.bytes};
    }

    private static FilterCount count(DeviceFilters filters, FilterName name) {
        var count = new FilterCount();
        filters.count(name, count);
        return count;
    }
}
