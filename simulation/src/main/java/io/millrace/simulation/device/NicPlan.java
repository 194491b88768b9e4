package io.millrace.simulation.device;

import io.millrace.dataplane.config.FaultConfig;
import io.millrace.dataplane.config.NicConfig;
import io.millrace.dataplane.config.NicPortConfig;
import io.millrace.dataplane.config.VfConfig;
import io.millrace.nic.sim.eswitch.EswitchMode;
import io.millrace.nic.sim.model.NicLimits;
import io.millrace.nic.sim.model.NicModel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/// Which NICs a world has and which of its ports they have. Two worlds of three have NICs at all ports, lan and wan at
/// one that mostly has a flow table; the others one NIC at one port, so that no flow is in hardware and two ports are
/// bare wires. The first NIC always has channels to change. In some worlds the last port is the representor of a
/// virtual function, whose uplink is the first.
///
/// @param nics  the first is that of the flows, where there are any
/// @param ports by port: its place, empty for a bare wire
public record NicPlan(List<NicConfig> nics, List<Optional<NicPortConfig>> ports) {

    private static final int QUEUES_MAX = 4;
    private static final int STEERED_MAX = 64;
    private static final int RINGS_SLOTS_MAX = 256;
    private static final int[] FLOW_ENTRIES = {4, 8, 16, 64};
    private static final int[] RING_SLOTS = {64, 128, 256};
    private static final long[] LATENCIES_NS = {0, 2_000, 20_000, 300_000};

    /// @param portCount ports of the router
    /// @param merges    whether NICs may merge what they receive
    public static NicPlan draw(SplittableRandom random, int portCount, boolean merges) {
        var nics = new ArrayList<NicConfig>();
        boolean isEverywhere = random.nextInt(3) != 0;
        nics.add(nic("nic0", random.nextInt(5) != 0 ? NicModel.FULL : NicModel.CLASSIC, random));
        boolean hasSecond = isEverywhere && random.nextInt(5) == 0;
        if (hasSecond) nics.add(nic("nic1", model(random), random));
        boolean hasFunction = isEverywhere && !hasSecond && random.nextInt(3) == 0;
        int onlyPort = random.nextInt(portCount);
        var ports = new ArrayList<Optional<NicPortConfig>>();
        for (int port = 0; port < portCount; port++) {
            NicConfig nic = nics.get(hasSecond && port == portCount - 1 ? 1 : 0);
            int channels = 1 + random.nextInt(nic.model().limits().queuesMax());
            boolean mergesHere = merges && nic.model().merges() && random.nextBoolean();
            ports.add(isEverywhere || port == onlyPort
                ? Optional.of(new NicPortConfig(nic.name(), channels, mergesHere, vf(hasFunction
                    && port == portCount - 1))) : Optional.empty());
        }
        return new NicPlan(nics, ports);
    }

    private static Optional<VfConfig> vf(boolean isOne) {
        return isOne ? Optional.of(new VfConfig(0, "plug0", OptionalLong.empty())) : Optional.empty();
    }

    /// The port that represents a virtual function, or -1.
    public int functionPort() {
        for (int port = 0; port < ports.size(); port++) {
            if (ports.get(port).flatMap(NicPortConfig::vf).isPresent()) return port;
        }
        return -1;
    }

    private static NicModel model(SplittableRandom random) {
        return List.of(NicModel.FULL, NicModel.CLASSIC, NicModel.BARE).get(random.nextInt(3));
    }

    /// Small, so that tables and rings are full now and then.
    private static NicConfig nic(String name, NicModel model, SplittableRandom random) {
        NicLimits all = model.limits();
        int entries = Math.min(all.flowEntriesMax(), FLOW_ENTRIES[random.nextInt(FLOW_ENTRIES.length)]);
        var limits = new NicLimits(Math.min(QUEUES_MAX, all.queuesMax()), Math.min(RINGS_SLOTS_MAX, all.ringSlotsMax()),
            all.parser(), all.contextsMax(), all.indirectionSlots(), all.rulesMax(),
            Math.min(STEERED_MAX, all.steeredMax()), entries, all.filters(), all.superPacketBytesMax(),
            all.segmentsMax(), LATENCIES_NS[random.nextInt(LATENCIES_NS.length)]);
        return new NicConfig(name, model.with(limits), model.name(), RING_SLOTS[random.nextInt(RING_SLOTS.length)],
            random.nextInt(4) != 0, Optional.empty(), 0, FaultConfig.NONE, EswitchMode.SWITCHDEV, 1);
    }
}
