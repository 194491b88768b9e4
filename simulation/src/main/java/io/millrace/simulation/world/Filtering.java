package io.millrace.simulation.world;

import io.millrace.control.live.TrafficControl;
import io.millrace.flow.flower.block.FlowerBlock;
import io.millrace.flow.flower.block.FlowerEntry;
import io.millrace.flow.flower.block.HardwareCounts;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.filter.FilterName;
import io.millrace.nic.sim.filter.FilterOwner;
import io.millrace.packet.memory.Verdict;
import io.millrace.simulation.device.SimulatedNics;
import io.millrace.simulation.frame.SeenFrame;
import io.millrace.simulation.journal.Part;
import io.millrace.simulation.journal.Violation;
import io.millrace.simulation.model.Fate;
import io.millrace.simulation.model.ModelFilter;
import io.millrace.simulation.model.ModelFilters;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What filters do to frames: first those that a NIC has, as it takes the frame from the wire, then those of the
/// worker. What they drop, redirect or copy is held against [ModelFilters], and so is what they count.
final class Filtering {

    private static final int WHOLLY = -1;
    private static final String AS_SENT = "what filters redirect or copy leaves as it came";
    private static final String SAME = "filters and their oracle agree";
    private static final Set<Verdict> ON_THE_WAY_OUT = EnumSet.of(Verdict.TX_FULL, Verdict.TX_REFUSED, Verdict.NO_SLOT,
        Verdict.NIC_NO_CARRIER, Verdict.INPUT_ENDED);

    private record Due(int port, Part part) {}

    private final ModelFilters filters;
    private final SimulatedNics nics;
    private final boolean merges;
    private final List<Due> due = new ArrayList<>();
    private final Set<Part> dropping = new HashSet<>();                     // by a NIC, in this step
    private final Map<Part, Integer> filtered = new IdentityHashMap<>();   // WHOLLY, or the chain that a NIC came to
    private TrafficControl traffic;

    /// @param merges segments may be merged and cut again, and then look a little different
    Filtering(ModelFilters filters, SimulatedNics nics, boolean merges) {
        this.filters = filters;
        this.nics = nics;
        this.merges = merges;
    }

    void connect(TrafficControl control) {
        traffic = control;
    }

    private FlowerEntry entry(ModelFilter filter) {
        FlowerBlock block = traffic.block(filter.port(), TrafficControl.Hook.INGRESS);
        return block.get(filter.chain(), filter.priority(), 0, filter.handle());
    }

    private boolean isInDevice(SimNic nic, ModelFilter filter) {
        FlowerEntry entry = entry(filter);
        return nic != null && nic.filters() != null
            && nic.filters().has(new FilterName(FilterOwner.TC, filter.port(), entry.slot(), entry.generation()));
    }

    /// A part was just taken from its wire. The router may not get it: then it is [Part.State#SWITCHED].
    void taken(Part part) {
        SimNic nic = filters.all().isEmpty() ? null : nics.of(part.port());
        if (nic == null || !nics.filters(part.port())) return;
        ModelFilters.Answer answer =
            filters.classify(part.port(), part.frame(), 0, true, filter -> isInDevice(nic, filter));
        owe(answer, part);
        switch (answer.end()) {
            case DROPPED -> {
                part.switched();
                dropping.add(part);
            }
            case REDIRECTED -> part.switched();
            case PASSED -> {
                if (answer.isDecided()) filtered.put(part, WHOLLY);
                else if (answer.matchCount() > 0) filtered.put(part, answer.chain());
            }
        }
    }

    private void owe(ModelFilters.Answer answer, Part part) {
        for (int port : answer.copies()) due.add(new Due(port, part));
        if (answer.end() == ModelFilters.End.REDIRECTED) due.add(new Due(answer.target(), part));
    }

    /// A worker has got a part. False if its filters take it.
    boolean passes(Part part, long nowNs) {
        Integer upTo = filtered.remove(part);
        if (filters.all().isEmpty() || upTo != null && upTo == WHOLLY) return true;
        ModelFilters.Answer answer = filters.classify(part.port(), part.frame(), upTo == null ? 0 : upTo, false,
            filter -> !filter.skipsSoftware() && (upTo == null || !entry(filter).isInHardware()));
        owe(answer, part);
        if (answer.end() == ModelFilters.End.PASSED) return true;
        part.handed(Fate.ended(Verdict.FLOWER_DROPPED), nowNs);
        if (answer.end() == ModelFilters.End.REDIRECTED) part.switched();
        return false;
    }

    /// True of a frame that nobody has routed.
    static boolean isAsSent(SeenFrame frame, Part part) {
        return frame.hopLimit() == part.frame().hopLimit();
    }

    /// True if a frame that left by a port had been redirected there, or copied.
    boolean hasLeft(int port, SeenFrame frame, Part part) {
        if (part == null || !isAsSent(frame, part) || !due.remove(new Due(port, part))) return false;
        SeenFrame sent = part.frame();
        boolean isSame = frame.sourceMac() == sent.sourceMac() && frame.targetMac() == sent.targetMac()
            && frame.vlan() == sent.vlan() && frame.source().equals(sent.source())
            && frame.target().equals(sent.target()) && (merges || Arrays.equals(frame.message(), sent.message()));
        if (!isSame) throw new Violation(AS_SENT, frame + " of " + part);
        settle(part);
        return true;
    }

    private void settle(Part part) {
        if (part.state() == Part.State.SWITCHED && due.stream().noneMatch(each -> each.part == part)) part.done();
    }

    /// True if a frame that was dropped was one that filters had dropped in a NIC, redirected or copied.
    boolean dropped(SeenFrame frame, Part part, Verdict verdict) {
        if (!isAsSent(frame, part)) return false;
        if (verdict == Verdict.FLOWER_DROPPED && dropping.remove(part)) {
            part.lostAtPort();
            return true;
        }
        if (!ON_THE_WAY_OUT.contains(verdict)) return false;
        for (Due each : due) {
            if (each.part != part) continue;
            due.remove(each);
            settle(part);
            return true;
        }
        return false;
    }

    /// After every step: what a NIC drops it drops at once; what is not in a NIC any more counts anew when it comes
    /// back.
    void check() {
        if (!dropping.isEmpty()) throw new Violation(SAME, dropping + " should have been dropped");
        for (ModelFilter each : filters.all()) {
            if (!isInDevice(nics.of(each.port()), each)) each.forgetHardwareCount();
        }
    }

    /// Now and then while no mode changes: what is said to be in hardware is there.
    void checkPlaces() {
        for (ModelFilter each : filters.all()) {
            boolean isThere = isInDevice(nics.of(each.port()), each);
            if (isThere == entry(each).isInHardware()) continue;
            throw new Violation("what is said to be in hardware is there", each + (isThere ? " is" : " is not"));
        }
    }

    /// At the end: every match was counted, by software or hardware, and nothing is left over in a NIC.
    void checkAtRest() {
        checkPlaces();
        long inDevices = 0;
        for (SimNic each : nics.all()) inDevices += each.filters() == null ? 0 : each.filters().filterCount();
        long said = filters.all().stream().filter(each -> entry(each).isInHardware()).count();
        if (inDevices != said) throw new Violation(SAME, inDevices + " filters in NICs, known are " + said);
        for (ModelFilter each : filters.all()) checkCounts(each);
        for (Due each : due) {
            if (each.part.state() == Part.State.SWITCHED) throw new Violation(AS_SENT, each + " has not left");
        }
    }

    private void checkCounts(ModelFilter filter) {
        FlowerEntry entry = entry(filter);
        long software = entry.rule().counters(0).packets();
        var counts = new HardwareCounts();
        boolean isCounted = traffic.block(filter.port(), TrafficControl.Hook.INGRESS).hardwareCounts(entry, counts);
        long hardware = isCounted ? counts.packets() : 0;
        if (software != filter.softwareCount() || hardware != filter.hardwareCount()) {
            throw new Violation(SAME, filter + " counted " + software + " in software and " + hardware
                + " in hardware, expected " + filter.softwareCount() + " and " + filter.hardwareCount());
        }
    }
}
