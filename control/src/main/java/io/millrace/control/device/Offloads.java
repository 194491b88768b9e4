package io.millrace.control.device;

import io.millrace.nic.program.DeviceAbilities;
import io.millrace.nic.program.Engine;
import io.millrace.nic.program.FirmwareImage;
import io.millrace.nic.program.Offload;
import io.millrace.nic.program.OffloadDecision;
import io.millrace.nic.program.Programs;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.nic.sim.model.NicLimits;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.parse.graph.MatchTable;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/// What a simulated device is built for, as the offloads of programs, and which of its features follow from them.
public final class Offloads {

    private final DeviceAbilities abilities;
    private final Programs host;
    /// Engines of the device that an audit found to do something else than they should.
    private final Set<Engine> blocked = EnumSet.noneOf(Engine.class);

    public Offloads(NicModel model, Programs host) {
        this.abilities = abilities(model);
        this.host = host;
    }

    private static DeviceAbilities abilities(NicModel model) {
        NicLimits limits = model.limits();
        Set<Offload> offloads = EnumSet.noneOf(Offload.class);
        for (Offload offload : Offload.values()) {
            NicFeature feature = feature(offload);
            if (feature != null && model.isCapable(feature)) offloads.add(offload);
        }
        Map<MatchTable.Target, Long> tables = new EnumMap<>(MatchTable.Target.class);
        tables.put(MatchTable.Target.NTUPLE, (long) limits.rulesMax());
        tables.put(MatchTable.Target.RAW, (long) limits.rulesMax());
        tables.put(MatchTable.Target.NFTABLES, (long) limits.flowEntriesMax());
        tables.put(MatchTable.Target.FLOWER, (long) limits.filters().filtersMax());
        return new DeviceAbilities(offloads, limits.parser(), tables);
    }

    /// The switch of the device that an offload has, or null if it has none.
    private static NicFeature feature(Offload offload) {
        return switch (offload) {
            case RECEIVE_CHECKSUM -> NicFeature.RECEIVE_CHECKSUM;
            case TRANSMIT_CHECKSUM -> NicFeature.TRANSMIT_CHECKSUM;
            case SEGMENTATION -> NicFeature.SEGMENTATION;
            case MERGING -> NicFeature.MERGING;
            case RECEIVE_HASH -> NicFeature.RECEIVE_HASH;
            case NTUPLE -> NicFeature.RULES;
            case FLOW -> NicFeature.FLOWS;
            case VLAN_INSERT -> NicFeature.TAG_INSERTION;
            case FLOWER -> NicFeature.FILTERS;
            case PARSE -> null;
        };
    }

    /// What is wanted of a port to begin with: everything, merging only where it was asked for.
    public static Set<Offload> wanted(boolean merges) {
        Set<Offload> wanted = EnumSet.allOf(Offload.class);
        if (!merges) wanted.remove(Offload.MERGING);
        return wanted;
    }

    public DeviceAbilities abilities() { return abilities; }

    public OffloadDecision decision(Offload offload, Set<Offload> wanted, FirmwareImage image) {
        OffloadDecision decision = OffloadDecision.of(offload, wanted.contains(offload), abilities, host, image);
        for (Engine engine : offload.engines()) {
            if (blocked.contains(engine)) decision = decision.incapable("an audit of " + engine.label() + " failed");
        }
        Offload base = offload.base();
        return base == null || decision(base, wanted, image).isOn() ? decision : decision.without(base);
    }

    /// Whatever runs this engine is off from the next decision on.
    void block(Engine engine) {
        blocked.add(engine);
    }

    void unblockAll() {
        blocked.clear();
    }

    /// The features of the device that may be on while it runs this image.
    public Set<NicFeature> features(Set<Offload> wanted, FirmwareImage image) {
        Set<NicFeature> features = EnumSet.noneOf(NicFeature.class);
        for (Offload offload : Offload.values()) {
            NicFeature feature = feature(offload);
            if (feature != null && decision(offload, wanted, image).isOn()) features.add(feature);
        }
        // Raw tables are about the device's own graph, whatever the host's is.
        boolean hasRules = abilities.offloads().contains(Offload.NTUPLE) && wanted.contains(Offload.NTUPLE);
        if (hasRules && image.tableFor(MatchTable.Target.RAW) != null) features.add(NicFeature.RULES);
        return features;
    }
}
