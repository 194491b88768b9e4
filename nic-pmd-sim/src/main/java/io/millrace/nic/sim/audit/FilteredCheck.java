package io.millrace.nic.sim.audit;

import io.millrace.flow.flower.engine.FlowerRule;
import io.millrace.flow.flower.engine.FlowerTable;
import io.millrace.flow.flower.engine.FlowerVerdict;
import io.millrace.nic.sim.filter.FilterLog;
import io.millrace.nic.sim.filter.FilterName;
import io.millrace.nic.sim.filter.FilterOwner;
import io.millrace.nic.sim.filter.FilterStep;
import io.millrace.packet.memory.PacketCopy;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a device's filters do to one packet: tables of software's, which follow the device's step by step. Work comes
/// in the order in which it was done, so no step is ever to be taken back.
final class FilteredCheck {

    private record Hook(FilterOwner owner, int port) {

        static Hook of(FilterName name) {
            return new Hook(name.owner(), name.port());
        }
    }

    private final PacketMemory packets;
    private final PacketMeta meta;
    private final PacketCopy copier;
    private final FilterLog log;
    private final Map<Hook, FlowerTable> tables = new HashMap<>();
    private final Map<FilterName, FlowerRule> rules = new HashMap<>();
    private final List<Integer> copies = new ArrayList<>();
    private FilterStep at;

    FilteredCheck(PacketPool pool, FilterLog log) {
        this.packets = pool.packets();
        this.meta = new PacketMeta(packets);
        this.copier = new PacketCopy(pool);
        this.log = log;
        this.at = log.begin();
    }

    /// Where the device is now, for [#follow] once all its work so far was looked at.
    FilterStep last() {
        return log.last();
    }

    /// Goes on to what the filters were at this step.
    void follow(FilterStep step) {
        while (at != step) {
            at = at.next();
            take(at);
        }
    }

    private void take(FilterStep step) {
        if (step.isAllGone()) {
            tables.clear();
            rules.clear();
        } else if (step.isAdded()) {
            FlowerTable table = tables.computeIfAbsent(Hook.of(step.name()),
                _ -> new FlowerTable(packets, true, true, this::copy, null));
            rules.put(step.name(), table.add(step.filter(), step.place(), step.timeNs()));
        } else {
            tables.get(Hook.of(step.name())).remove(rules.remove(step.name()));
        }
    }

    private boolean copy(int packet, int port) {
        int copy = copier.of(packet);
        if (copy == PacketMemory.NONE) return false;
        meta.egress(copy, port);
        copies.add(copy);
        return true;
    }

    /// Holds the packet against the filters as they were; copies are in [#copies].
    FilterOutcome run(AuditUnit unit, int packet) {
        follow(unit.filters);
        copies.clear();
        unit.buckets.play();
        FlowerVerdict verdict = FlowerVerdict.PASSED;
        int filtered = PacketMeta.FILTERED_NOT;
        int target = 0;
        FlowerTable ofTc = table(FilterOwner.TC, unit);
        if (ofTc != null) {
            verdict = ofTc.classify(packet, unit.port, unit.timeNs);
            filtered = ofTc.filtered();
            target = ofTc.target();
        }
        FlowerTable ofRules = verdict == FlowerVerdict.PASSED ? table(FilterOwner.RULES, unit) : null;
        if (ofRules != null) {
            verdict = ofRules.classify(packet, unit.port, unit.timeNs);
            target = ofRules.target();
        }
        return new FilterOutcome(verdict, filtered, ofRules != null, target,
            copies.stream().map(meta::egress).toList());
    }

    private FlowerTable table(FilterOwner owner, AuditUnit unit) {
        FlowerTable table = tables.get(new Hook(owner, unit.port));
        if (table == null || table.ruleCount() == 0) return null;
        table.tape(unit.buckets);
        return table;
    }

    /// Copies that the filters made of the packet; they are the caller's.
    List<Integer> copies() {
        return copies;
    }
}
