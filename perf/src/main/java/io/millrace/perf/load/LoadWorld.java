package io.millrace.perf.load;

import io.millrace.dataplane.assembly.Dataplane;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.worker.Clock;
import io.millrace.dataplane.worker.Worker;
import io.millrace.nic.driver.gen.GenPort;
import io.millrace.nic.driver.gen.TrafficProfile;
import io.millrace.nic.driver.gen.receive.Receiver;
import io.millrace.nic.driver.gen.stream.StreamSource;
import io.millrace.nic.driver.gen.stream.StreamSpec;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A configured dataplane with a generator at every port instead of the port's wire.
final class LoadWorld {

    /// Beyond what the dataplane wants: full bursts in the generators' hands.
    private static final int SPARE_SLOTS = 8192;

    private final List<GenPort> ports = new ArrayList<>();
    private final Worker[] workers;
    private final Clock clock = Clock.system();

    /// @param ringSlots packets that may wait at a port
    LoadWorld(Arena arena, DataplaneConfig config, TrafficProfile profile, int ringSlots) {
        checkStreams(config, profile);
        var packets = new PacketMemory(arena, Dataplane.slotCount(config) + SPARE_SLOTS);
        var pool = new PacketPool(arena, packets);
        TrafficProfile placed = profile.endless().atPort(config.ports().getFirst().name());
        for (int i = 0; i < config.ports().size(); i++) {
            ports.add(new GenPort(arena, packets, config.ports().get(i).name(), i, placed,
                new Receiver(arena, packets, placed.streams().size(), false), ringSlots, 0));
        }
        for (GenPort port : ports) port.stop();
        Dataplane dataplane = Dataplane.assemble(config, arena, List.copyOf(ports), pool, clock);
        this.workers = dataplane.workers().toArray(Worker[]::new);
    }

    private static void checkStreams(DataplaneConfig config, TrafficProfile profile) {
        List<String> names = config.ports().stream().map(PortConfig::name).toList();
        boolean isAnyStamped = false;
        for (StreamSpec stream : profile.streams()) {
            if (!stream.isPaced()) {
                throw new ConfigException("stream " + stream.name() + " has rate: max, but a search needs a most\n"
                    + "  allowed: a rate; trials offer shares of it");
            }
            if (!stream.port().isEmpty() && !names.contains(stream.port())) {
                throw new ConfigException("stream " + stream.name() + " is for port " + stream.port()
                    + ", which the configuration does not have\n  allowed: " + String.join(", ", names));
            }
            isAnyStamped |= stream.isStamped();
        }
        if (!isAnyStamped) {
            throw new ConfigException("no stream of the profile is stamped, so nothing can be told from what comes "
                + "back\n"
                + "  allowed: stamp: true");
        }
    }

    TrialRunner runner() {
        return new TrialRunner(ports, this::turn, clock::nowNs);
    }

    private int turn(long nowNs) {
        int receivedCount = 0;
        for (int i = 0; i < workers.length; i++) receivedCount += workers[i].turn(nowNs);
        return receivedCount;
    }

    /// Packets that were not forwarded, by reason.
    Map<String, Long> drops() {
        Map<String, Long> drops = new LinkedHashMap<>();
        long missedCount = 0;
        for (GenPort port : ports) {
            for (StreamSource source : port.sources()) missedCount += source.missedCount();
        }
        if (missedCount > 0) drops.put("RX_RING_FULL", missedCount);
        for (int i = 0; i < Verdict.COUNT; i++) {
            Verdict verdict = Verdict.of(i);
            if (verdict.ending() == Verdict.Ending.SENT) continue;
            long count = 0;
            for (Worker worker : workers) count += worker.ledger().count(verdict);
            if (count > 0) drops.put(verdict.name(), count);
        }
        return drops;
    }
}
