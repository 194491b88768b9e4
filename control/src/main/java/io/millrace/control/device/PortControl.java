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
import java.util.function.LongConsumer;

/// One port of a NIC: what is wanted of it, and what is on.
public final class PortControl {

    private final NicControl nic;
    private final SimPort port;
    private final LongConsumer offloadsChanged;
    private final Set<Offload> wanted = EnumSet.allOf(Offload.class);

    /// @param offloadsChanged has the workers look again at what the ports can do; handed the index of this port
    PortControl(NicControl nic, SimPort port, LongConsumer offloadsChanged) {
        this.nic = nic;
        this.port = port;
        this.offloadsChanged = offloadsChanged;
        for (Offload offload : Offload.values()) {
            NicFeature feature = NicControl.feature(offload);
            boolean isLeftOff = feature != null && nic.abilities().offloads().contains(offload) && !port.isOn(feature);
            if (isLeftOff) wanted.remove(offload);
        }
    }

    public NicControl nic()        { return nic; }
    public SimPort port()          { return port; }
    public PortSteering steering() { return port.steering(); }
    public SteeringTables tables() { return port.steering().tables(); }

    public CommandResult carryOut(DeviceCommand command) {
        return nic.carryOut(command);
    }

    public boolean isWanted(Offload offload) {
        return wanted.contains(offload);
    }

    /// Wants these offloads and no others, and switches what follows from that.
    public void want(Set<Offload> offloads) {
        wanted.clear();
        wanted.addAll(offloads);
        decide();
    }

    public Set<Offload> wanted() {
        return wanted.isEmpty() ? Set.of() : EnumSet.copyOf(wanted);
    }

    /// What is to be said of an offload now.
    public OffloadDecision decision(Offload offload) {
        OffloadDecision decision = OffloadDecision.of(offload, wanted.contains(offload), nic.abilities(), nic.host(),
            nic.firmware().running());
        Offload base = offload.base();
        return base == null || decision(base).isOn() ? decision : decision.without(base);
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

    private void removeRules() {
        for (int location : List.copyOf(tables().rules().headMap(ReceiveRule.TABLE_LOCATIONS).keySet())) {
            nic.carryOut(_ -> steering().removeRule(location));
        }
    }

    /// Switches on what may be on, and all else off.
    void decide() {
        int bits = 0;
        for (OffloadDecision decision : decisions()) {
            NicFeature feature = NicControl.feature(decision.offload());
            if (feature != null && decision.isOn()) bits |= feature.bit();
        }
        // Raw tables are about the device's own graph, whatever the host's is.
        if (isWanted(Offload.NTUPLE) && !rawTables().isEmpty()) bits |= NicFeature.RULES.bit();
        if (!decision(Offload.NTUPLE).isOn()) removeRules();
        if (bits == port.featureBits()) return;
        nic.carryOut(port.features(bits));
        offloadsChanged.accept(port.index());
    }
}
