package io.millrace.nic.sim.filter;

import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerPlace;
import io.millrace.flow.flower.engine.BucketTape;
import io.millrace.flow.flower.engine.FlowerRule;
import io.millrace.flow.flower.engine.FlowerTable;
import io.millrace.flow.flower.engine.FlowerVerdict;
import io.millrace.nic.sim.eswitch.Eswitch;
import io.millrace.nic.sim.eswitch.ModeTable;
import io.millrace.nic.sim.fault.Flaws;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.model.FilterLimits;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The flower filters of one NIC: for each port two tables that its packets meet as they come from the wire, before
/// anything else is done with them. They are the software's tables and engine.
///
/// ```
///  wire ─▶ filters of tc ─▶ filters of rules ─pass, nothing matched─▶ flow table, queues, worker
///              └────────────────┴─drop─▶ ended     redirect, mirror─▶ wire of a port
/// ```
///
/// A filter is named by [FilterName]; what names another generation than the one in the slot is refused as `STALE` and
/// counted. Filters are of `switchdev`, and of one generation of it: see [Eswitch#admit].
///
/// The device's thread alone; [#add] and the others are carried out by its mailbox.
public final class DeviceFilters implements ModeTable {

    /// A filter's name without the generation.
    private record Place(FilterOwner owner, int port, int slot) {}

    private record Held(FilterName name, FlowerRule rule) {}

    private final PacketPool pool;
    private final FilterLimits limits;
    private final Eswitch eswitch;
    private final NicFaults faults;
    private final FlowerTable[] ofTc;      // by port; made when first wanted
    private final FlowerTable[] ofRules;
    private final FilterCopies copies;
    private final Flaws flaws;
    private FilterLog log;   // null while nobody follows
    private Map<Place, Held> held = new HashMap<>();
    private final MaskShapes shapes = new MaskShapes();
    private String refusal = "";
    private long staleCount;
    private int target;
    private int filtered;
    private boolean isRuled;
    private volatile int filterCount;
    private volatile int shapeCount;

    /// @param pool      copies come from there
    /// @param portCount ports that there are, of all NICs
    public DeviceFilters(PacketPool pool, FilterLimits limits, int portCount, Eswitch eswitch, NicFaults faults) {
        this.pool = pool;
        this.limits = limits;
        this.eswitch = eswitch;
        this.faults = faults;
        this.flaws = new Flaws(pool.packets());
        this.ofTc = new FlowerTable[portCount];
        this.ofRules = new FlowerTable[portCount];
        this.copies = new FilterCopies(pool);
    }

    /// Has somebody follow all changes; before the first.
    public FilterLog follow() {
        log = new FilterLog();
        return log;
    }

    /// All changes, or null while nobody follows.
    public FilterLog log() {
        return log;
    }

    private void log(FilterStep step) {
        if (log != null) log.append(step);
    }

    /// Adds a filter to those of a port. [#refusal] says what it lacks where there is no room.
    ///
    /// @param modeGeneration of the switch, in which it was decided on
    public CommandResult add(FilterName name, FlowerFilter filter, long modeGeneration, long nowNs) {
        return add(new FilterChange.Added(name, filter), modeGeneration, nowNs);
    }

    /// The same, at a place among those of its priority.
    public CommandResult add(FilterChange.Added added, long modeGeneration, long nowNs) {
        return change(new FilterChange(List.of(), List.of(added)), modeGeneration, nowNs);
    }

    /// Takes filters out and puts others in: all of it, or nothing.
    public CommandResult change(FilterChange change, long modeGeneration, long nowNs) {
        refusal = "";
        if (!change.added().isEmpty()) {
            CommandResult result = check(change, modeGeneration);
            if (result != CommandResult.DONE) return result;
        }
        for (FilterName name : change.gone()) remove(name);
        for (FilterChange.Added each : change.added()) put(each, nowNs);
        counted();
        return CommandResult.DONE;
    }

    private CommandResult check(FilterChange change, long modeGeneration) {
        CommandResult admitted = eswitch.admit(modeGeneration);
        if (admitted != CommandResult.DONE) {
            return refused(admitted, switch (admitted) {
                case BUSY -> "the device changes its mode";
                case STALE -> "the device has changed its mode";
                default -> "the device holds no filters in mode " + eswitch.mode().label();
            });
        }
        int count = held.size() + change.added().size();
        MaskShapes shapesThen = shapes.copy();
        for (FilterName name : change.gone()) {
            if (!has(name)) continue;
            count--;
            shapesThen.remove(held.get(place(name)).rule.filter().match());
        }
        for (FilterChange.Added each : change.added()) {
            if (has(each.name())) return CommandResult.EXISTS;
            shapesThen.add(each.filter().match());
        }
        if (count > limits.filtersMax() || faults.isFullEarly()) {
            return refused(CommandResult.NO_SPACE, "the device holds no more than " + limits.filtersMax()
                + " filters");
        }
        boolean hasShapes = shapesThen.count() <= limits.shapesMax();
        return hasShapes ? CommandResult.DONE : refused(CommandResult.NO_SPACE, "the device holds no more than "
            + limits.shapesMax() + " different masks");
    }

    private CommandResult refused(CommandResult result, String why) {
        refusal = why;
        return result;
    }

    /// Why the last filters were not added, for people; empty if they were.
    public String refusal() {
        return refusal;
    }

    private void put(FilterChange.Added added, long nowNs) {
        FilterName name = added.name();
        Held before = held.get(place(name));
        if (before != null) {
            staleCount++;   // its removal was lost: slots are used again only once they are free
            remove(before.name);
        }
        if (faults.losesEntry()) return;
        held.put(place(name), new Held(name, table(name).add(added.filter(), added.place(), nowNs)));
        shapes.add(added.filter().match());
        log(FilterStep.added(added, nowNs));
    }

    private FlowerTable table(FilterName name) {
        FlowerTable[] tables = name.owner() == FilterOwner.TC ? ofTc : ofRules;
        if (tables[name.port()] == null) {
            tables[name.port()] = new FlowerTable(pool.packets(), true, true, copies, null);
        }
        return tables[name.port()];
    }

    private static Place place(FilterName name) {
        return new Place(name.owner(), name.port(), name.slot());
    }

    public CommandResult remove(FilterName name) {
        Held found = named(name);
        if (found == null) return CommandResult.STALE;
        held.remove(place(name));
        table(name).remove(found.rule);
        log(FilterStep.gone(name));
        shapes.remove(found.rule.filter().match());
        counted();
        return CommandResult.DONE;
    }

    public boolean has(FilterName name) {
        Held found = held.get(place(name));
        return found != null && found.name.equals(name);
    }

    /// Fills in what the filter has counted since it was added.
    public CommandResult count(FilterName name, FilterCount count) {
        Held found = named(name);
        if (found == null) return CommandResult.STALE;
        FlowerRule rule = found.rule;
        count.packets = 0;
        count.bytes = 0;
        count.lastUsedNs = 0;
        if (rule.actionCount() == 0) return CommandResult.DONE;
        long error = faults.counterError();
        count.packets = error == Long.MIN_VALUE ? 0 : rule.counters(0).packets() + error;
        count.bytes = rule.counters(0).bytes();
        count.lastUsedNs = rule.counters(0).lastUsedNs();
        return CommandResult.DONE;
    }

    private Held named(FilterName name) {
        if (has(name)) return held.get(place(name));
        staleCount++;
        return null;
    }

    private void counted() {
        filterCount = held.size();
        shapeCount = shapes.count();
    }

    /// Filters that are there go on working until they are dropped; nothing refers to one between two packets.
    @Override
    public boolean isDrained() {
        return copies.count() == 0;
    }

    @Override
    public void drop(long generation) {
        reset();
    }

    /// The firmware begins anew: nothing is in the tables, and what they counted is forgotten.
    public void reset() {
        for (int port = 0; port < ofTc.length; port++) {
            if (ofTc[port] != null) ofTc[port].clear();
            if (ofRules[port] != null) ofRules[port].clear();
        }
        log(FilterStep.allGone());
        held = new HashMap<>();   // which takes as long for many as for few
        shapes.clear();
        counted();
    }

    /// True if packets of the port meet filters.
    public boolean isUsedBy(int port) {
        return has(ofTc[port]) || has(ofRules[port]);
    }

    private static boolean has(FlowerTable table) {
        return table != null && table.ruleCount() > 0;
    }

    /// Holds a packet that came by a port against its filters and carries out their actions.
    public FlowerVerdict classify(int packet, int port, long nowNs) {
        FlowerVerdict verdict = faults.overlooksPacket() ? overlooked() : meet(packet, port, nowNs);
        boolean isOver = verdict == FlowerVerdict.DROPPED || verdict == FlowerVerdict.LOOPED;
        if (!isOver) flaws.into(packet, faults.filterError());
        return verdict;
    }

    private FlowerVerdict overlooked() {
        filtered = PacketMeta.FILTERED_NOT;
        isRuled = false;
        return FlowerVerdict.PASSED;
    }

    private FlowerVerdict meet(int packet, int port, long nowNs) {
        filtered = PacketMeta.FILTERED_NOT;
        isRuled = false;
        FlowerVerdict verdict = FlowerVerdict.PASSED;
        if (has(ofTc[port])) {
            verdict = ofTc[port].classify(packet, port, nowNs);
            filtered = ofTc[port].filtered();
            target = ofTc[port].target();
        }
        if (verdict != FlowerVerdict.PASSED || !has(ofRules[port])) return verdict;
        isRuled = true;
        verdict = ofRules[port].classify(packet, port, nowNs);
        target = ofRules[port].target();
        return verdict;
    }

    /// Has the token buckets of the port's filters noted there; null: no longer.
    public void tape(int port, BucketTape buckets) {
        if (ofTc[port] != null) ofTc[port].tape(buckets);
        if (ofRules[port] != null) ofRules[port].tape(buckets);
    }

    /// The port by which a packet leaves that was redirected.
    public int target() {
        return target;
    }

    /// How far the filters of `tc` came with the packet that passed last.
    public int filtered() {
        return filtered;
    }

    /// True if the packet that passed last has met the rules' filters.
    public boolean isRuled() {
        return isRuled;
    }

    /// Copies of the packet that was classified last, for the caller to send and to clear.
    public FilterCopies copies() {
        return copies;
    }

    /// Commands that named a filter which is no more.
    public long staleCount() {
        return staleCount;
    }

    public FilterLimits limits() { return limits; }
    /// Any thread: filters in the device.
    public int filterCount()     { return filterCount; }
    /// Any thread: different masks among them.
    public int shapeCount()      { return shapeCount; }
}
