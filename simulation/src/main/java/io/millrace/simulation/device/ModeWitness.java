package io.millrace.simulation.device;

import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.eswitch.ChangeRecord;
import io.millrace.nic.sim.eswitch.Eswitch;
import io.millrace.nic.sim.eswitch.EswitchMode;
import io.millrace.nic.sim.flow.DeviceFlows;
import io.millrace.simulation.journal.Violation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Looks at the NICs after every step and remembers what it saw: whether what lies in their tables belongs to the mode
/// that their switches are in, and to this generation of it.
///
/// - While tables drain, nothing is admitted.
/// - In `legacy` they are empty.
/// - No entry is there in two generations.
/// - A mode changes with its generation, one at a time, and a change says what it cost: no more packets than the device
///   has dropped, each by a verdict.
public final class ModeWitness {

    static final String ADMITTED = "nothing is admitted while a mode changes";
    private static final String OF_MODE = "entries are of the mode that the switch is in";

    private record Entry(int slot, int generation) {}

    private static final class Seen {
        private final SimNic nic;
        private Eswitch.Stand stand;
        private Set<Entry> entries = Set.of();
        private int filterCount;
        private long drops;
        private long dropsBefore;

        private Seen(SimNic nic) {
            this.nic = nic;
            this.stand = nic.eswitch().stand();
        }
    }

    private final List<Seen> all = new ArrayList<>();
    private int switchCount;

    public ModeWitness(SimulatedNics nics) {
        for (SimNic each : nics.all()) all.add(new Seen(each));
    }

    /// Changes seen.
    public int switchCount() {
        return switchCount;
    }

    /// To be called after every step.
    public void check() {
        for (Seen each : all) check(each);
    }

    private void check(Seen seen) {
        Eswitch.Stand stand = seen.nic.eswitch().stand();
        Set<Entry> entries = entries(seen.nic.flows());
        int filterCount = seen.nic.filters() == null ? 0 : seen.nic.filters().filterCount();
        long drops = drops(seen.nic);
        boolean isSameChange = stand.isDraining() && stand.change() == seen.stand.change();
        if (isSameChange && (!seen.entries.containsAll(entries) || filterCount > seen.filterCount)) {
            throw wrong(ADMITTED, seen, stand, entries + ", and " + filterCount + " filters; were " + seen.entries
                + " and " + seen.filterCount);
        }
        if (stand.mode() == EswitchMode.LEGACY && (!entries.isEmpty() || filterCount > 0)) {
            throw wrong(OF_MODE, seen, stand, entries + ", and " + filterCount + " filters");
        }
        if (stand.isDraining() && !isSameChange) seen.dropsBefore = seen.drops;
        if (stand.generation() != seen.stand.generation()) checkChange(seen, stand, entries, drops);
        else if (stand.mode() != seen.stand.mode()) throw wrong("a mode changes with its generation", seen, stand, "");
        seen.stand = stand;
        seen.entries = entries;
        seen.filterCount = filterCount;
        seen.drops = drops;
    }

    private void checkChange(Seen seen, Eswitch.Stand stand, Set<Entry> entries, long drops) {
        switchCount++;
        ChangeRecord record = seen.nic.eswitch().last();
        boolean isNext = stand.generation() == seen.stand.generation() + 1 && stand.mode() != seen.stand.mode()
            && record.generation() == stand.generation() && record.to() == stand.mode();
        if (!isNext) throw wrong("a mode changes with its generation", seen, stand, "was " + seen.stand + ", " + record);
        for (Entry each : entries) {
            if (seen.entries.contains(each)) throw wrong(OF_MODE, seen, stand, each + " was there before");
        }
        if (record.lost() > drops - seen.dropsBefore) {
            throw wrong("a change accounts for what it loses", seen, stand, record + ", dropped were "
                + (drops - seen.dropsBefore));
        }
    }

    private static Set<Entry> entries(DeviceFlows flows) {
        if (flows == null || flows.count() == 0) return Set.of();
        var entries = new HashSet<Entry>();
        for (int slot = 0; slot < flows.flowsMax(); slot++) {
            if (flows.entry(slot, 0) != null) entries.add(new Entry(slot, flows.generation(slot)));
        }
        return entries;
    }

    private static long drops(SimNic nic) {
        long wires = nic.ports().stream().mapToLong(each -> each.wire().counters().rxDropped()).sum();
        return wires + nic.account().receiveDrops() + nic.account().transmitDrops();
    }

    private static Violation wrong(String invariant, Seen seen, Eswitch.Stand stand, String facts) {
        return new Violation(invariant, seen.nic.name() + ", " + stand + ": " + facts);
    }
}
