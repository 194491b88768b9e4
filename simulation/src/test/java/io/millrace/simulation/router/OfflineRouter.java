package io.millrace.simulation.router;

import io.millrace.control.config.ConfigFile;
import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.assembly.Dataplane;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.WireConfig;
import io.millrace.dataplane.worker.Clock;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.capture.CaptureTraits;
import io.millrace.nic.driver.none.NullPort;
import io.millrace.nic.driver.pcap.PcapPort;
import io.millrace.nic.port.Port;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// Runs a configuration over captures and holds, after every run, that each packet is accounted for and every slot is
/// back in the pool.
final class OfflineRouter implements AutoCloseable {

    private final Arena arena = Arena.ofShared();
    private final PacketPool pool;
    private final int slotCount;
    private final List<Port> ports = new ArrayList<>();
    private final Dataplane dataplane;

    OfflineRouter(DataplaneConfig config) throws CaptureException {
        this.slotCount = Dataplane.slotCount(config);
        var packets = new PacketMemory(arena, slotCount);
        this.pool = new PacketPool(arena, packets);
        for (var each : config.ports()) {
            int index = ports.size();
            ports.add(switch (each.wire()) {
                case WireConfig.Pcap pcap -> new PcapPort(packets, each.name(), index, pcap.rx().orElse(null),
                    pcap.tx().orElse(null), CaptureTraits.ofLinkType(1));
                default -> new NullPort(packets, each.name(), index);
            });
        }
        this.dataplane = Dataplane.assemble(config, arena, ports, pool, Clock.system());
    }

    /// Writes the YAML to a file of the folder, reads it, runs it.
    static Ledger run(Path folder, String yaml) throws IOException {
        Path file = folder.resolve("config.yaml");
        Files.writeString(file, yaml);
        try (var router = new OfflineRouter(ConfigFile.read(file).config())) {
            return router.run();
        }
    }

    Ledger run() {
        try {
            dataplane.run(() -> false);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        Ledger ledger = dataplane.workers().getFirst().ledger();
        long rxPackets = ports.stream().mapToLong(port -> port.counters().rxPackets()).sum();
        long rxDropped = ports.stream().mapToLong(port -> port.counters().rxDropped()).sum();
        long txPackets = ports.stream().mapToLong(port -> port.counters().txPackets()).sum();
        long txDropped = ports.stream().mapToLong(port -> port.counters().txDropped()).sum();
        assertThat(ledger.unaccounted()).as("packets unaccounted for").isZero();
        assertThat(ledger.held()).as("packets still held").isZero();
        assertThat(ledger.received() + rxDropped).as("received").isEqualTo(rxPackets);
        assertThat(ledger.count(Verdict.SENT)).as("sent").isEqualTo(txPackets + txDropped);
        assertThat(freeSlots()).as("slots back in the pool").isEqualTo(slotCount);
        return ledger;
    }

    private int freeSlots() {
        int freeCount = 0;
        while (pool.allocate() != PacketMemory.NONE) freeCount++;
        return freeCount;
    }

    @Override
    public void close() {
        ports.forEach(Port::close);
        arena.close();
    }
}
