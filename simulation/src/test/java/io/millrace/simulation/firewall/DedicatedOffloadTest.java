package io.millrace.simulation.firewall;

import io.millrace.control.config.ConfigFile;
import io.millrace.dataplane.assembly.Dataplane;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.offload.DeviceFault;
import io.millrace.dataplane.offload.OffloadControl;
import io.millrace.dataplane.worker.Clock;
import io.millrace.flow.track.ConnectionText;
import io.millrace.flow.track.Connections;
import io.millrace.nic.port.Port;
import io.millrace.nic.sim.PortSettings;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.fault.FaultKind;
import io.millrace.nic.sim.fault.FaultPanel;
import io.millrace.nic.sim.fault.FaultShares;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.device.ParseImage;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import static io.millrace.simulation.firewall.FirewallScene.HOST;
import static io.millrace.simulation.firewall.FirewallScene.SERVER;
import static io.millrace.simulation.firewall.FirewallScene.fromGateway;
import static io.millrace.simulation.firewall.FirewallScene.fromHost;
import static org.assertj.core.api.Assertions.assertThat;

/// `threading: dedicated`: worker, NIC and control each on a thread of its own while connections move between them.
@Timeout(120)
class DedicatedOffloadTest {

    private static final int CONNECTIONS = 32;
    private static final long PACKETS = 200_000;   // of each wire

    private static final String CONFIG = """
        threading: dedicated
        ports:
          lan: { wire: replay, rx: none.pcap, mac: "02:00:00:00:00:01", addresses: [192.0.2.1/24] }
          wan: { wire: replay, rx: none.pcap, mac: "02:00:00:00:00:02", addresses: [203.0.113.1/24] }
        routes: [ { to: 198.51.100.0/24, via: 203.0.113.254 } ]
        neighbours:
          - { address: 192.0.2.10, mac: "02:00:00:00:01:10" }
          - { address: 203.0.113.254, mac: "02:00:00:00:00:fe" }
        ruleset: rules.nft
        sysctl: { net.netfilter.nf_conntrack_max: 1024, net.netfilter.nf_conntrack_buckets: 1024,
                  net.netfilter.nf_conntrack_acct: 1 }
        """;

    private static final String RULES = """
        table ip t {
            flowtable f { hook ingress priority 0; devices = { lan, wan }; flags offload; counter; }
            chain onward { type filter hook forward priority 0; policy accept; flow add @f }
        }
        """;

    @TempDir
    private Path folder;

    private final Arena arena = Arena.ofShared();
    private final FaultPanel faults = new FaultPanel();
    private StampedWire lan;
    private StampedWire wan;
    private SimNic nic;
    private PacketPool pool;
    private PacketPool ofNic;
    private Dataplane dataplane;
    private int slotCount;

    private void assemble(long seed, long packetsPerWire) throws IOException {
        CaptureFile.write(folder.resolve("none.pcap"), new byte[60]);
        Files.writeString(folder.resolve("rules.nft"), RULES);
        Path file = Files.writeString(folder.resolve("config.yaml"),
            CONFIG.replace("none.pcap", folder + "/none.pcap").replace("rules.nft", folder + "/rules.nft"));
        DataplaneConfig config = ConfigFile.read(file).config();
        slotCount = 16_384;
        var packets = new PacketMemory(arena, slotCount);
        pool = new PacketPool(arena, packets);
        ofNic = pool.another();
        lan = new StampedWire(packets, "lan", 0, IntStream.range(0, CONNECTIONS).mapToObj(i -> fromHost()
            .ipv4(HOST, SERVER).udp(4000 + i, 53).checksum(0).payloadOf(18).bytes()).toList(), packetsPerWire, seed);
        wan = new StampedWire(packets, "wan", 1, IntStream.range(0, CONNECTIONS).mapToObj(i -> fromGateway()
            .ipv4(SERVER, HOST).udp(53, 4000 + i).checksum(0).payloadOf(18).bytes()).toList(), packetsPerWire,
            seed + 1);
        lan.pair(wan);
        wan.pair(lan);
        nic = new SimNic("nic0", NicModel.FULL, ParseImage.of(ShippedGraph.DEFAULT.load()), arena, ofNic, faults, seed);
        PortSettings settings = PortSettings.usual(NicModel.FULL, 2);
        List<Port> ports = List.of(nic.attach(lan, settings), nic.attach(wan, settings));
        dataplane = Dataplane.assemble(config, arena, ports, List.of(nic), pool, Clock.system());
    }

    /// To the end of the wires, or until it is to stop. Every thread has ended then, and every slot is back.
    private void run(BooleanSupplier isToStop) throws InterruptedException {
        dataplane.run(isToStop);
        assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
            .doesNotContain("worker 0", "nic0", "offload");
        int freeCount = 0;
        while (pool.allocate() != PacketMemory.NONE) freeCount++;
        while (ofNic.allocate() != PacketMemory.NONE) freeCount++;
        assertThat(freeCount).as("slots back").isEqualTo(slotCount);
        assertThat(dataplane.workers().getFirst().ledger().unaccounted()).isZero();
    }

    private OffloadControl control() {
        return dataplane.router().offload();
    }

    private long dropped() {
        return nic.account().receiveDrops() + nic.account().transmitDrops()
            + dataplane.workers().getFirst().ledger().count(Verdict.Ending.DROPPED);
    }

    @Test
    void nothingIsLostOvertakenOrMiscounted() throws Exception {
        long seed = Seeds.next();
        assemble(seed, PACKETS);
        run(() -> false);
        assertThat(lan.wrong()).as("seed %d", seed).isNull();
        assertThat(wan.wrong()).as("seed %d", seed).isNull();
        assertThat(wan.takenCount()).isEqualTo(PACKETS);
        assertThat(lan.takenCount()).isEqualTo(PACKETS);
        assertThat(dropped()).isZero();
        assertThat(control().inHardwareCount()).isEqualTo(CONNECTIONS);
        assertThat(control().hits()).as("packets that no worker saw").isGreaterThan(PACKETS / 10);
        for (DeviceFault each : DeviceFault.values()) {
            // On a busy machine the device may be late, or look stuck to nobody: it has no turns then.
            if (each == DeviceFault.COMPLETION_LOST || each == DeviceFault.COMPLETION_STRAY) continue;
            if (each == DeviceFault.ENTRY_UNKNOWN) continue;
            assertThat(control().tally().faults(each)).as(each.name()).isZero();
        }
        var tracking = dataplane.router().hooks().tracking();
        var text = new ConnectionText(tracking.table());
        int seen = 0;
        for (int entry = tracking.table().next(Connections.NONE); entry != Connections.NONE;
                entry = tracking.table().next(entry)) {
            tracking.settle(entry);
            String line = text.line(entry, dataplane.router().hooks().nowNs());
            int i = Integer.parseInt(line.replaceFirst(".*?(?:sport|dport)=(4\\d+).*", "$1")) - 4000;
            boolean isByLan = line.indexOf("src=" + HOST) < line.indexOf("src=" + SERVER);
            assertThat(line).as("seed %d", seed)
                .containsSubsequence("packets=" + (isByLan ? lan : wan).given(i) + " ",
                    "packets=" + (isByLan ? wan : lan).given(i) + " ");
            seen++;
        }
        assertThat(seen).isEqualTo(CONNECTIONS);
    }

    @Test
    void norWhileTheDeviceErrs() throws Exception {
        long seed = Seeds.next();
        faults.set(FaultShares.NONE.with(FaultKind.LATE_COMPLETIONS, 0.1).with(FaultKind.LOST_COMPLETIONS, 0.1)
            .with(FaultKind.REPEATED_COMPLETIONS, 0.1).with(FaultKind.LIES, 0.1).with(FaultKind.FULL_EARLY, 0.1)
            .with(FaultKind.LOST_ENTRIES, 0.1).with(FaultKind.JUMPING_COUNTERS, 0.1)
            .withNs(FaultKind.RESET_EVERY, 300_000_000), seed);
        assemble(seed, PACKETS);
        run(() -> false);
        assertThat(lan.wrong()).as("seed %d", seed).isNull();
        assertThat(wan.wrong()).as("seed %d", seed).isNull();
        assertThat(wan.takenCount() + lan.takenCount()).isEqualTo(2 * PACKETS);
        assertThat(dropped()).isZero();
    }

    @Test
    void endsCleanlyInTheMiddleOfTraffic() throws Exception {
        long seed = Seeds.next();
        assemble(seed, Long.MAX_VALUE);
        run(() -> control().hits() > 1_000);
        assertThat(control().hits()).isGreaterThan(1_000);
        assertThat(lan.wrong()).as("seed %d", seed).isNull();
        assertThat(wan.wrong()).as("seed %d", seed).isNull();
        assertThat(lan.takenCount() + wan.takenCount() + dropped()).isEqualTo(lan.givenCount() + wan.givenCount());
    }
}
