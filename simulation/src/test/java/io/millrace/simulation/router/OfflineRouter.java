package io.millrace.simulation.router;

import io.millrace.control.config.ConfigFile;
import io.millrace.control.report.NicReport;
import io.millrace.control.report.OffloadReport;
import io.millrace.control.report.PortReport;
import io.millrace.control.report.RulesReport;
import io.millrace.control.report.RunReport;
import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.assembly.Dataplane;
import io.millrace.dataplane.assembly.RouterAssembly;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.NicConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.WireConfig;
import io.millrace.dataplane.worker.Clock;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.capture.CaptureTraits;
import io.millrace.nic.driver.none.NullPort;
import io.millrace.nic.driver.pcap.PcapPort;
import io.millrace.nic.port.Port;
import io.millrace.nic.sim.PortSettings;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.device.ParseImage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

import static org.assertj.core.api.Assertions.assertThat;

/// Runs a configuration over captures and holds, after every run, that each packet is accounted for and every slot is
/// back in the pool.
final class OfflineRouter implements AutoCloseable {

    private static final ParseImage IMAGE = ParseImage.of(ShippedGraph.DEFAULT.load());

    private final Arena arena = Arena.ofShared();
    private final PacketPool pool;
    private final int slotCount;
    private final List<Port> ports = new ArrayList<>();
    private final Map<String, SimNic> nics = new LinkedHashMap<>();
    private final Dataplane dataplane;

    OfflineRouter(DataplaneConfig config) throws CaptureException {
        this.slotCount = Dataplane.slotCount(config);
        var packets = new PacketMemory(arena, slotCount);
        this.pool = new PacketPool(arena, packets);
        for (var each : config.ports()) {
            int index = ports.size();
            Port wire = switch (each.wire()) {
                case WireConfig.Pcap pcap -> new PcapPort(packets, each.name(), index, pcap.rx().orElse(null),
                    pcap.tx().orElse(null), CaptureTraits.ofLinkType(1));
                default -> new NullPort(packets, each.name(), index);
            };
            ports.add(each.nic().isPresent() ? behindNic(config, each, wire) : wire);
        }
        this.dataplane = Dataplane.assemble(config, arena, ports, List.copyOf(nics.values()), pool,
            Clock.system());
    }

    private Port behindNic(DataplaneConfig config, PortConfig port, Port wire) {
        NicConfig nic = config.nicOf(port);
        SimNic device = nics.computeIfAbsent(nic.name(), name -> {
            var made = new SimNic(name, nic.model(), IMAGE, arena, pool, NicFaults.NONE, config.seed());
            made.inline(true);
            return made;
        });
        PortSettings settings = PortSettings.usual(nic.model(), port.nic().get().channels()).withRings(nic.ringSlots());
        return device.attach(wire, port.nic().get().merges() ? settings.with(NicFeature.MERGING) : settings);
    }

    /// What a run counted.
    record Outcome(Ledger ledger, long nicAbsorbed, RulesReport rules) {}

    static Outcome outcome(Path folder, String yaml) throws IOException {
        Path file = folder.resolve("config.yaml");
        Files.writeString(file, yaml);
        try (var router = new OfflineRouter(ConfigFile.read(file).config())) {
            Ledger ledger = router.run();
            long absorbed = router.nics.values().stream().mapToLong(nic -> nic.account().absorbed()).sum();
            return new Outcome(ledger, absorbed, RulesReport.of(router.dataplane.router()));
        }
    }

    /// Writes the YAML to a file of the folder, reads it, runs it.
    static Ledger run(Path folder, String yaml) throws IOException {
        return outcome(folder, yaml).ledger();
    }

    Ledger run() {
        try {
            dataplane.run(() -> false);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        Ledger ledger = dataplane.workers().getFirst().ledger();
        List<PortReport> reports = ports.stream().map(port -> PortReport.of(port, "", OffloadReport.NONE)).toList();
        RunReport report = RunReport.of(reports, nics.values().stream().map(NicReport::of).toList(), List.of(ledger), 1,
            OptionalLong.empty(), false, List.of());
        assertThat(report.contradictions()).isEmpty();
        assertThat(report.account().held()).as("packets still held").isZero();
        assertThat(freeSlots()).as("slots back in the pool").isEqualTo(slotCount);
        return ledger;
    }

    RouterAssembly router() {
        return dataplane.router();
    }

    /// Packets that a flow forwarded so far.
    long flowHits() {
        return RulesReport.of(dataplane.router()).flowHits();
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
