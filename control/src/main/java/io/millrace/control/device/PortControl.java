package io.millrace.control.device;

import io.millrace.nic.program.Offload;
import io.millrace.nic.program.OffloadDecision;
import io.millrace.nic.sim.SimPort;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.mailbox.DeviceCommand;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.nic.sim.steer.PortSteering;
import io.millrace.nic.sim.steer.ReceiveRule;
import io.millrace.nic.sim.steer.SteeringTables;
import io.millrace.packet.parse.graph.MatchTable;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// One port of a NIC: what is wanted of it, and what is on.
public final class PortControl {

    private final NicControl nic;
    private final SimPort port;
    private final OffloadListener listener;
    private final Set<Offload> wanted;
    private final PortFilterOffload filters;
    private boolean wasMergingLeft;
    private boolean couldHoldFilters;

    PortControl(NicControl nic, SimPort port, Set<Offload> wanted, OffloadListener listener) {
        this.nic = nic;
        this.port = port;
        this.listener = listener;
        this.wanted = wanted;
        this.filters = nic.filters() == null ? null : new PortFilterOffload(nic, this);
        this.couldHoldFilters = port.isOn(NicFeature.FILTERS);
        this.wasMergingLeft = isMergingLeft(port.isOn(NicFeature.MERGING));
    }

    public NicControl nic()        { return nic; }
    public SimPort port()          { return port; }
    public PortSteering steering() { return port.steering(); }
    public SteeringTables tables() { return port.steering().tables(); }

    /// The device as a holder of the port's flower filters, or null if it has none.
    public PortFilterOffload filters() {
        return filters;
    }

    public CommandResult carryOut(DeviceCommand command) {
        return nic.carryOut(command);
    }

    public boolean isWanted(Offload offload) {
        return wanted.contains(offload);
    }

    public Set<Offload> wanted() {
        return wanted.isEmpty() ? Set.of() : EnumSet.copyOf(wanted);
    }

    /// Wants these offloads and no others, and switches what follows from that.
    public void want(Set<Offload> offloads) {
        wanted.clear();
        wanted.addAll(offloads);
        decide();
    }

    /// What is to be said of an offload now.
    public OffloadDecision decision(Offload offload) {
        return nic.offloads().decision(offload, wanted, nic.firmware().running());
    }

    public List<OffloadDecision> decisions() {
        List<OffloadDecision> decisions = new ArrayList<>();
        for (Offload offload : Offload.values()) decisions.add(decision(offload));
        return decisions;
    }

    /// The raw tables of the graph that the device runs, in order; none where the device has no rules.
    public List<MatchTable> rawTables() {
        if (nic.model().limits().rulesMax() == 0) return List.of();
        return nic.firmware().running().matchTables().stream()
            .filter(table -> table.target() == MatchTable.Target.RAW).toList();
    }

    /// Gives the raw tables of a new graph their room.
    void placeRawTables() {
        int[] sizes = rawTables().stream().mapToInt(table -> (int) table.entriesMax()).toArray();
        nic.carryOut(_ -> steering().rawTables(sizes));
    }

    /// Switches on what may be on, and all else off.
    void decide() {
        if (!decision(Offload.NTUPLE).isOn()) removeRules();
        int bits = 0;
        for (NicFeature feature : nic.offloads().features(wanted, nic.firmware().running())) bits |= feature.bit();
        boolean canHoldFilters = (bits & NicFeature.FILTERS.bit()) != 0;
        if (couldHoldFilters && !canHoldFilters) nic.filterListener().leave(port.index());
        boolean isMergingLeft = isMergingLeft((bits & NicFeature.MERGING.bit()) != 0);
        if (bits != port.featureBits() || isMergingLeft != wasMergingLeft) switchTo(bits, isMergingLeft);
        if (!couldHoldFilters && canHoldFilters) nic.filterListener().enter(port.index(), Integer.MAX_VALUE);
        couldHoldFilters = canHoldFilters;
    }

    private void switchTo(int bits, boolean isMergingLeft) {
        // Software takes merging over before the device lets go of it, and lets go after the device took it over.
        if (isMergingLeft) listener.changed(port.index(), true);
        nic.carryOut(port.features(bits));
        listener.changed(port.index(), isMergingLeft);
        wasMergingLeft = isMergingLeft;
    }

    private boolean isMergingLeft(boolean doesDevice) {
        return isWanted(Offload.MERGING) && !doesDevice;
    }

    private void removeRules() {
        for (int location : List.copyOf(tables().rules().headMap(ReceiveRule.TABLE_LOCATIONS).keySet())) {
            nic.carryOut(_ -> steering().removeRule(location));
        }
    }
}
