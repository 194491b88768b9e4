package io.millrace.simulation.firewall;

import io.millrace.control.config.ConfigFile;
import io.millrace.control.live.InterfaceEdit;
import io.millrace.control.live.RunningDataplane;
import io.millrace.control.nft.NftLoader;
import io.millrace.control.nft.Source;
import io.millrace.dataplane.assembly.Dataplane;
import io.millrace.dataplane.assembly.RouterAssembly;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.worker.Worker;
import io.millrace.flow.rules.NotExecutable;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.track.ConnectionText;
import io.millrace.flow.track.Connections;
import io.millrace.nic.port.Device;
import io.millrace.nic.port.Port;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.EthernetLayer;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// A router with rules, its worker turned by hand: frames go in one by one, and what each brings out is seen at once.
/// After every turn the account of packets must hold.
///
/// ```
///  192.0.2.10 ── lan 192.0.2.1 [router] 203.0.113.1 wan ── 203.0.113.254 ── 198.51.100.0/24
///  2001:db8:1::10 ── 2001:db8:1::1    2001:db8:2::1 ── 2001:db8:2::fe ── 2001:db8:8::/48
///                                       10.0.3.1 dmz ── 10.0.3.10
/// ```
public final class FirewallScene implements AutoCloseable {

    public static final String HOST = "192.0.2.10";
    public static final String HOST_6 = "2001:db8:1::10";
    public static final String SERVER = "198.51.100.80";
    public static final String SERVER_6 = "2001:db8:8::80";
    public static final String PUBLIC = "203.0.113.1";
    public static final String DMZ_HOST = "10.0.3.10";
    public static final String LAN_ROUTER = "02:00:00:00:00:01";
    public static final String WAN_ROUTER = "02:00:00:00:00:02";
    public static final String DMZ_ROUTER = "02:00:00:00:00:03";
    public static final String LAN_HOST = "02:00:00:00:01:10";
    public static final String GATEWAY = "02:00:00:00:00:fe";
    public static final String DMZ_MAC = "02:00:00:00:03:10";
    private static final int TURNS_WITH_NICS = 12;
    private static final long TURN_NS = 3_000;
    static final long SECOND_NS = 1_000_000_000L;

    private static final String CONFIG = """
        ports:
          lan: { wire: "null", mac: "02:00:00:00:00:01", addresses: [192.0.2.1/24, "2001:db8:1::1/64"] }
          wan: { wire: "null", mac: "02:00:00:00:00:02", addresses: [203.0.113.1/24, "2001:db8:2::1/64"] }
          dmz: { wire: "null", mac: "02:00:00:00:00:03", addresses: [10.0.3.1/24] }
          lan.10: { link: lan, vlan: 10, addresses: [10.10.0.1/24] }
        routes:
          - { to: 198.51.100.0/24, via: 203.0.113.254 }
          - { to: "2001:db8:8::/48", via: "2001:db8:2::fe" }
        neighbours:
          - { address: 192.0.2.10, mac: "02:00:00:00:01:10" }
          - { address: 192.0.2.11, mac: "02:00:00:00:01:11" }
          - { address: "2001:db8:1::10", mac: "02:00:00:00:01:10" }
          - { address: 203.0.113.254, mac: "02:00:00:00:00:fe" }
          - { address: "2001:db8:2::fe", mac: "02:00:00:00:00:fe" }
          - { address: 10.0.3.10, mac: "02:00:00:00:03:10" }
          - { address: 10.10.0.10, mac: "02:00:00:00:01:10" }
        """;

    final Arena arena = Arena.ofShared();
    final List<TestPort> ports = new ArrayList<>();
    final Dataplane dataplane;
    final RouterAssembly router;
    final Worker worker;
    private final DataplaneConfig config;
    private final PacketPool pool;
    private final int slotCount;
    private final SceneNics nics;
    private Ruleset ruleset;
    long nowNs = 1_700_000_000_000_000_000L;

    /// What one turn brought out.
    public record Sent(List<byte[]> lan, List<byte[]> wan, List<byte[]> dmz) {

        byte[] onlyLan() { return only("lan", lan); }
        byte[] onlyWan() { return only("wan", wan); }
        byte[] onlyDmz() { return only("dmz", dmz); }

        boolean isNothing() {
            return lan.isEmpty() && wan.isEmpty() && dmz.isEmpty();
        }

        private byte[] only(String port, List<byte[]> frames) {
            assertThat(lan.size() + wan.size() + dmz.size()).as("frames sent").isEqualTo(1);
            assertThat(frames).as(port).hasSize(1);
            return frames.getFirst();
        }
    }

    FirewallScene(String rules) {
        this(rules, "");
    }

    /// @param more of the configuration file
    public FirewallScene(String rules, String more) {
        this(rules, more, null);
    }

    /// @param nicOf how each port gets the NIC that it has, by its index; null: none has one
    FirewallScene(String rules, String more, SceneNics nicOf) {
        this.config = read(rules, more);
        this.ruleset = config.rules().ruleset();
        this.slotCount = Dataplane.slotCount(config);
        var packets = new PacketMemory(arena, slotCount);
        this.pool = new PacketPool(arena, packets);
        for (var each : config.ports()) ports.add(new TestPort(packets, each.name(), ports.size()));
        this.nics = nicOf;
        List<Port> seen = nicOf == null ? List.copyOf(ports) : nicOf.attach(arena, pool, ports);
        this.dataplane = Dataplane.assemble(config, arena, seen, nicOf == null ? List.of() : nicOf.all(), pool,
            () -> nowNs);
        this.router = dataplane.router();
        this.worker = dataplane.workers().getFirst();
    }

    /// As `sysctl -w` sets it.
    void sysctl(String name, long value) {
        var running = new RunningDataplane(config, dataplane, () -> nowNs);
        new InterfaceEdit(running).sysctl(config.sysctl().written(name, value, config.topology().names()));
    }

    private static DataplaneConfig read(String rules, String more) {
        try {
            Path folder = Files.createTempDirectory("millrace");
            Path rulesFile = folder.resolve("rules.nft");
            Path file = folder.resolve("config.yaml");
            Files.writeString(rulesFile, rules);
            String sizes = more.contains("nf_conntrack_max") || more.contains("sysctl:") ? ""
                : "sysctl: { net.netfilter.nf_conntrack_max: 4096, net.netfilter.nf_conntrack_buckets: 4096 }\n";
            Files.writeString(file, CONFIG + "ruleset: " + rulesFile + "\n" + sizes + more);
            try {
                return ConfigFile.read(file).config();
            } finally {
                Files.delete(rulesFile);
                Files.delete(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Sent lan(Layer frame) { return receive(0, frame.bytes()); }
    Sent wan(Layer frame) { return receive(1, frame.bytes()); }
    Sent dmz(Layer frame) { return receive(2, frame.bytes()); }

    public Sent receive(int port, byte[]... frames) {
        ports.get(port).toReceive.addAll(List.of(frames));
        return turn();
    }

    Sent turn() {
        oneTurn();
        assertThat(worker.ledger().unaccounted()).as("packets unaccounted for").isZero();
        var sent = new Sent(List.copyOf(ports.get(0).sent), List.copyOf(ports.get(1).sent),
            List.copyOf(ports.get(2).sent));
        ports.forEach(port -> port.sent.clear());
        return sent;
    }

    /// NICs, worker and control have their turns; with NICs some microseconds of them, until commands have arrived.
    private void oneTurn() {
        if (nics == null) {
            worker.turn(nowNs);
            return;
        }
        for (int i = 0; i < TURNS_WITH_NICS; i++) {
            nics.all().forEach(each -> each.turn(nowNs));
            worker.turn(nowNs);
            nics.all().forEach(each -> each.turn(nowNs));
            router.offload().turn(nowNs);
            nowNs += TURN_NS;
        }
    }

    /// Time passes, a turn each millisecond of the first second and then each second.
    public FirewallScene pass(long seconds) {
        for (long i = 0; i < 1000; i++) {
            nowNs += SECOND_NS / 1000;
            oneTurn();
        }
        for (long i = 1; i < seconds; i++) {
            nowNs += SECOND_NS;
            oneTurn();
        }
        ports.forEach(port -> port.sent.clear());
        return this;
    }

    /// Commands of nftables, to what is loaded now.
    FirewallScene nft(String commands) {
        NftLoader.Outcome outcome = NftLoader.load(Source.of("commands", commands), ruleset);
        assertThat(outcome.errorText()).isEmpty();
        try {
            router.use(router.load(outcome.ruleset(), nowNs), nowNs);
        } catch (NotExecutable e) {
            throw new AssertionError(e);
        }
        ruleset = outcome.ruleset();
        return this;
    }

    long dropped(Verdict verdict) {
        return worker.ledger().count(verdict);
    }

    long hits() {
        return router.hooks().offloading().path().hitCount();
    }

    SceneNics nics() {
        return nics;
    }

    /// As `conntrack -L` prints them.
    public List<String> connections() {
        var table = router.hooks().tracking().table();
        var text = new ConnectionText(table);
        var lines = new ArrayList<String>();
        for (int entry = table.next(Connections.NONE); entry != Connections.NONE; entry = table.next(entry)) {
            lines.add(text.line(entry, nowNs));
        }
        return lines;
    }

    /// A frame of the host on the lan.
    public static EthernetLayer fromHost() {
        return Frame.ethernet(LAN_HOST, LAN_ROUTER);
    }

    /// A frame of the gateway on the wan.
    public static EthernetLayer fromGateway() {
        return Frame.ethernet(GATEWAY, WAN_ROUTER);
    }

    public static EthernetLayer fromDmz() {
        return Frame.ethernet(DMZ_MAC, DMZ_ROUTER);
    }

    @Override
    public void close() {
        worker.releaseHeld();
        if (nics != null) nics.all().forEach(Device::releaseHeld);
        int freeCount = 0;
        while (pool.allocate() != PacketMemory.NONE) freeCount++;
        assertThat(freeCount).as("slots back in the pool").isEqualTo(slotCount);
        arena.close();
    }
}
