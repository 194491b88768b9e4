package io.millrace.control.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.Forwarding;
import io.millrace.dataplane.config.InterfaceConfig;
import io.millrace.dataplane.config.InterfaceSysctl;
import io.millrace.dataplane.config.VlanConfig;
import io.millrace.dataplane.config.NeighbourConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.RouteConfig;
import io.millrace.dataplane.config.RouteType;
import io.millrace.dataplane.config.SysctlConfig;
import io.millrace.dataplane.config.Threading;
import io.millrace.dataplane.config.TypeMask;
import io.millrace.dataplane.config.WireConfig;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.document.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {

    private static final String EVERY_KEY = """
        workers: 1
        threading: shared
        forwarding: router
        seed: -7
        poll-interval: 10us
        drain: 2 s
        ports:
          lan:
            wire: pcap
            rx: @/lan.pcapng
            tx: @/out/lan.pcap
            mac: 02:00:00:00:00:01
            mtu: 9000
            addresses: [192.168.1.1/24, "fd00:1::1/64"]
            queues: 1
          wan: { wire: pcap, rx: @/wan.pcap, addresses: [203.0.113.1/24] }
          bin: { wire: null }
          lan.10: { link: lan, vlan: 10, addresses: [10.10.0.1/16], mtu: 1400, mac: 02-00-00-00-00-0a }
          lan.10.20: { link: lan.10, vlan: 20 }
          svc: { link: wan, vlan: 7, protocol: 802.1ad }
        routes:
          - { to: 0.0.0.0/0, via: 203.0.113.254 }
          - { to: 10.9.0.0/16, type: unreachable, metric: 5 }
          - { to: "2001:db8:9::/48", via: "fe80::1", port: wan }
          - { to: 10.8.0.1, port: lan.10 }
        neighbours:
          - { address: 203.0.113.254, mac: "02:00:00:00:00:fe", port: wan }
          - { address: 192.168.1.9, mac: 02:00:00:00:00:ff }
        sysctl:
          net.ipv4.icmp_ratelimit: 0
          net.ipv4.conf.lan/10.send_redirects: 0
          net.ipv6.icmp.ratemask: 1,3-4
        """;

    @TempDir Path folder;

    private DataplaneConfig read(String yaml) {
        return ConfigReader.read(Document.yaml("g.yaml", yaml.replace("@", folder.toString()))).dataplane();
    }

    private DataplaneConfig readEveryKey() throws IOException {
        Files.createFile(folder.resolve("lan.pcapng"));
        Files.createFile(folder.resolve("wan.pcap"));
        return read(EVERY_KEY);
    }

    @Test
    void readsPorts() throws IOException {
        var lan = new PortConfig("lan", new WireConfig.Pcap(
            Optional.of(folder.resolve("lan.pcapng")), Optional.of(folder.resolve("out/lan.pcap"))),
            0x02_00_00_00_00_01L, 9000, prefixes("192.168.1.1/24", "fd00:1::1/64"));
        var wan = new PortConfig("wan", new WireConfig.Pcap(Optional.of(folder.resolve("wan.pcap")), Optional.empty()),
            0x02_4d_52_00_00_02L, 1500, prefixes("203.0.113.1/24"));
        var bin = new PortConfig("bin", new WireConfig.Null(), 0x02_4d_52_00_00_03L, 1500, List.of());

        assertThat(readEveryKey().ports()).containsExactly(lan, wan, bin);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void readsVlans() throws IOException {
        assertThat(readEveryKey().links()).containsExactly(
            new VlanConfig("lan.10", "lan", 0x8100, 10, OptionalLong.of(0x02_00_00_00_00_0aL), OptionalInt.of(1400),
                prefixes("10.10.0.1/16")),
            new VlanConfig("lan.10.20", "lan.10", 0x8100, 20, OptionalLong.empty(), OptionalInt.empty(), List.of()),
            new VlanConfig("svc", "wan", 0x88a8, 7, OptionalLong.empty(), OptionalInt.empty(), List.of()));
    }

    @Test
    void readsRoutesAndNeighbours() throws IOException {
        DataplaneConfig config = readEveryKey();
        assertThat(config.routes()).containsExactly(
            route("0.0.0.0/0", "203.0.113.254", null),
            new RouteConfig(
                IpPrefix.parse("10.9.0.0/16"), RouteType.UNREACHABLE, Optional.empty(), Optional.empty(), 5),
            route("2001:db8:9::/48", "fe80::1", "wan"),
            route("10.8.0.1/32", null, "lan.10"));
        assertThat(config.neighbours()).containsExactly(
            new NeighbourConfig(IpAddress.parse("203.0.113.254"), 0x02_00_00_00_00_feL, Optional.of("wan")),
            new NeighbourConfig(IpAddress.parse("192.168.1.9"), 0x02_00_00_00_00_ffL, Optional.empty()));
    }

    @Test
    void readsWhatConcernsTheWholeRun() throws IOException {
        DataplaneConfig config = readEveryKey();
        assertThat(config.seed()).isEqualTo(-7);
        assertThat(config.pollIntervalNs()).isEqualTo(10_000);
        assertThat(config.drainNs()).isEqualTo(2_000_000_000);
        assertThat(config.isOffline()).isTrue();
        assertThat(config.sysctl()).isEqualTo(new SysctlConfig(
            Map.of("net.ipv4.icmp_ratelimit", 0L, "net.ipv4.conf.lan.10.send_redirects", 0L),
            new TypeMask(0b11010, 0)));
    }

    private static List<IpPrefix> prefixes(String... texts) {
        return List.of(texts).stream().map(IpPrefix::parse).toList();
    }

    private static RouteConfig route(String to, String via, String port) {
        return new RouteConfig(IpPrefix.parse(to), RouteType.UNICAST, Optional.ofNullable(via).map(IpAddress::parse),
            Optional.ofNullable(port), 0);
    }

    @Test
    void whatIsNotGivenHasItsDefault() {
        DataplaneConfig config = read("ports: { a: { wire: null } }");
        assertThat(config).isEqualTo(new DataplaneConfig(1, Threading.SHARED, Forwarding.ROUTER,
            List.of(new PortConfig("a", new WireConfig.Null(), 0x02_4d_52_00_00_01L, 1500, List.of())),
            List.of(), List.of(), List.of(), SysctlConfig.LINUX, 1, 50_000, 60_000_000_000L));
        assertThat(config.sysctl().isOn(InterfaceSysctl.IPV4_FORWARDING, "a")).isTrue();
    }

    @Test
    void dedicatedThreadsRunWhatIsNotOffline() throws IOException {
        Files.createFile(folder.resolve("a.pcap"));
        DataplaneConfig config = read("""
            workers: 2
            threading: dedicated
            forwarding: patch
            ports:
              a: { wire: replay, rx: @/a.pcap, loops: 3 }
              b: { wire: replay, rx: @/a.pcap }
              c: { wire: null }
              d: { wire: null }
            """);
        assertThat(config.isOffline()).isFalse();
        assertThat(config.threading()).isEqualTo(Threading.DEDICATED);
        assertThat(config.ports()).extracting(PortConfig::wire).startsWith(
            new WireConfig.Replay(folder.resolve("a.pcap"), 3),
            new WireConfig.Replay(folder.resolve("a.pcap"), WireConfig.Replay.ENDLESS));
    }

    @Test
    void readsTapPorts() {
        DataplaneConfig config = read("""
            ports:
              lan: { wire: tap, device: mr-lan, queues: 4, vnet-hdr: false, idle: spin, mtu: 9000 }
              wan: { wire: tap, device: mr-wan }
              dmz: { wire: tap, device: mr-dmz, mac: 02:00:00:00:00:09 }
            """);
        assertThat(config.isOffline()).isFalse();
        assertThat(config.ports()).extracting(PortConfig::wire).containsExactly(
            new WireConfig.Tap("mr-lan", 4, false, true),
            new WireConfig.Tap("mr-wan", 1, true, false),
            new WireConfig.Tap("mr-dmz", 1, true, false));
        assertThat(config.ports().get(0).mtuBytes()).isEqualTo(9000);
        assertThat(config.ports().get(2).mac()).isEqualTo(0x02_00_00_00_00_09L);
    }

    @Test
    void tapsAreGivenAddressesOfTheirOwnThatASeedRepeats() {
        String ports = "ports: { a: { wire: tap, device: x }, b: { wire: tap, device: y } }\n";
        List<Long> macs = read(ports).ports().stream().map(PortConfig::mac).toList();
        assertThat(read(ports).ports()).extracting(PortConfig::mac).isEqualTo(macs);
        assertThat(read("seed: 2\n" + ports).ports()).extracting(PortConfig::mac).doesNotContainAnyElementsOf(macs);
        assertThat(macs).doesNotHaveDuplicates().allMatch(mac -> (mac >>> 40 & 3) == 2 && mac >>> 48 == 0);
    }

    @Test
    void patchGivesATapItsMtu() {
        DataplaneConfig config = read("""
            forwarding: patch
            ports: { a: { wire: tap, device: x, mtu: 9000 }, b: { wire: tap, device: y, mtu: 9000 } }
            """);
        assertThat(config.ports()).extracting(PortConfig::mtuBytes).containsExactly(9000, 9000);
    }

    @Test
    void jsonIsReadAsWell() {
        var root = Document.json("g.json", "{\"ports\": {\"a\": {\"wire\": \"null\", \"mtu\": 1400}}}");
        assertThat(ConfigReader.read(root).dataplane().ports()).extracting(PortConfig::mtuBytes).containsExactly(1400);
    }

    @Test
    void nextHopBehindAnOnLinkRouteIsReachable() {
        DataplaneConfig config = read("""
            ports:
              wan: { wire: null, addresses: [203.0.113.1/32] }
              lan: { wire: null, addresses: [10.0.0.1/8] }
            routes:
              - { to: 0.0.0.0/0, via: 198.51.100.1 }
              - { to: 198.51.100.1/32, port: wan }
              - { to: 10.1.0.0/16, via: 10.0.0.2 }
            """);
        assertThat(config.routes()).extracting(route -> config.topology().interfaceOf(route).orElseThrow())
            .containsExactly("wan", "wan", "lan");
    }

    @Test
    void routesToOneNetworkDifferByMetric() {
        DataplaneConfig config = read("""
            ports: { lan: { wire: null, addresses: [10.0.0.1/24] } }
            routes:
              - { to: 10.1.0.0/16, via: 10.0.0.2 }
              - { to: 10.1.0.0/16, via: 10.0.0.3, metric: 7 }
              - { to: 10.0.0.0/24, type: blackhole, metric: 4294967295 }
            """);
        assertThat(config.routes()).extracting(RouteConfig::metric).containsExactly(0L, 7L, 0xffff_ffffL);
    }

    @Test
    void bothAddressesOfAPointToPointNetworkAreHosts() {
        DataplaneConfig config = read("""
            ports:
              a: { wire: null, addresses: [10.0.0.0/31, "fd00::/127"] }
              b: { wire: null, addresses: [10.0.1.1/31] }
            """);
        assertThat(config.ports()).flatExtracting(InterfaceConfig::addresses).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"1000ns, 1000", "1us, 1000", "1µs, 1000", "1 ms, 1000000", "1s, 1000000000"})
    void durationsHaveUnits(String text, long ns) {
        assertThat(read("poll-interval: " + text + "\nports: { a: { wire: null } }").pollIntervalNs()).isEqualTo(ns);
    }
}
