package io.millrace.dataplane.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DataplaneConfigTest {

    private static final PortConfig LAN = port("lan", 0x02_00_00_00_00_01L, 1500, "192.168.1.1/24");
    private static final PortConfig WAN = port("wan", 0x02_00_00_00_00_02L, 9000, "203.0.113.1/24", "fe80::2/64");

    private static PortConfig port(String name, long mac, int mtuBytes, String... addresses) {
        return new PortConfig(name, new WireConfig.Null(), mac, mtuBytes,
            List.of(addresses).stream().map(IpPrefix::parse).toList());
    }

    private static LinkConfig link(String name, String link, int tpid, int vlan) {
        return new VlanConfig(name, link, tpid, vlan, OptionalLong.empty(), OptionalInt.empty(), List.of());
    }

    private static DataplaneConfig config(List<LinkConfig> links, List<RouteConfig> routes) {
        return new DataplaneConfig(1, Threading.SHARED, Forwarding.ROUTER, List.of(LAN, WAN), links, routes, List.of(),
            SysctlConfig.LINUX, 1, 50_000, 0);
    }

    @Test
    void tagsAreListedOutermostFirst() {
        LinkConfig outer = link("wan.s", "wan", VlanConfig.TPID_8021AD, 100);
        LinkConfig inner = link("wan.s.c", "wan.s", VlanConfig.TPID_8021Q, 7);
        Topology topology = config(List.of(inner, outer), List.of()).topology();

        assertThat(topology.tags(WAN)).isEmpty();
        assertThat(topology.tags(outer)).containsExactly(0x88a8_0064);
        assertThat(topology.tags(inner)).containsExactly(0x88a8_0064, 0x8100_0007);
        assertThat(topology.portIndex(inner)).isEqualTo(1);
        assertThat(topology.portIndex(LAN)).isZero();
        assertThat(topology.names()).containsExactly("lan", "wan", "wan.s.c", "wan.s");
    }

    @Test
    void vlanHasMacAndMtuOfTheNearestInterfaceBelowThatHasOne() {
        LinkConfig plain = link("wan.1", "wan", VlanConfig.TPID_8021Q, 1);
        var own = new VlanConfig("wan.2", "wan", VlanConfig.TPID_8021Q, 2, OptionalLong.of(0x02_00_00_00_00_09L),
            OptionalInt.of(1400), List.of());
        LinkConfig above = link("wan.2.3", "wan.2", VlanConfig.TPID_8021Q, 3);
        Topology topology = config(List.of(plain, own, above), List.of()).topology();

        assertThat(topology.mac(plain)).isEqualTo(WAN.mac());
        assertThat(topology.mtuBytes(plain)).isEqualTo(9000);
        assertThat(topology.mac(above)).isEqualTo(0x02_00_00_00_00_09L);
        assertThat(topology.mtuBytes(above)).isEqualTo(1400);
    }

    @Test
    void routeLeavesByThePortOfTheLongestNetworkAroundItsNextHop() {
        Topology topology = new Topology(List.of(port("c", 2, 1500, "10.1.2.1/24"), port("a", 2, 1500, "10.0.0.1/8"),
            port("b", 2, 1500, "10.1.0.1/16")), List.of(), List.of());
        assertThat(topology.linkOf(IpAddress.parse("10.1.2.77"))).contains("c");
        assertThat(topology.linkOf(IpAddress.parse("10.1.3.3"))).contains("b");
        assertThat(topology.linkOf(IpAddress.parse("10.2.2.3"))).contains("a");
        assertThat(topology.linkOf(IpAddress.parse("11.2.2.3"))).isEmpty();
        assertThat(topology.ownerOf(IpAddress.parse("10.1.0.1"))).contains("b");
    }

    @Test
    void linkLocalAddressesAreOnEveryLinkAndOnNoCertainOne() {
        Topology topology = config(List.of(), List.of()).topology();
        assertThat(topology.isOnLink(IpAddress.parse("fe80::77"), "lan")).isTrue();
        assertThat(topology.linkOf(IpAddress.parse("fe80::77"))).isEmpty();
    }

    @Test
    void everyProblemIsToldWithItsPlace() {
        var route = new RouteConfig(IpPrefix.parse("10.0.0.0/8"), RouteType.UNICAST,
            Optional.of(IpAddress.parse("198.51.100.1")), Optional.empty(), 0);
        var exception = catchThrowableOfType(ConfigException.class,
            () -> config(List.of(link("lan.10", "lna", VlanConfig.TPID_8021Q, 10)), List.of(route)));
        assertThat(exception.problems()).containsExactly(
            new ConfigProblem("ports/lan.10/link", "no port is named \"lna\", did you mean \"lan\"?", "lan, wan"),
            new ConfigProblem("routes/0/via", "next hop 198.51.100.1 is not on the link of any port",
                "an address in 192.168.1.0/24 (lan), 203.0.113.0/24 (wan)"));
        assertThat(exception).hasMessage("""
            ports/lan.10/link: no port is named "lna", did you mean "lan"?; allowed: lan, wan
            routes/0/via: next hop 198.51.100.1 is not on the link of any port; allowed: an address in \
            192.168.1.0/24 (lan), 203.0.113.0/24 (wan)""");
    }

    @Test
    void twoPortsOfOneNameAreRefused() {
        assertThatThrownBy(() -> new DataplaneConfig(1, Threading.SHARED, Forwarding.ROUTER, List.of(LAN, LAN),
            List.of(), List.of(), List.of(), SysctlConfig.LINUX, 1, 50_000, 0))
            .isInstanceOf(ConfigException.class).hasMessageContaining("ports/lan: two interfaces have this name");
    }

    @Test
    void sysctlsAreCheckedAgain() {
        var sysctl = new SysctlConfig(java.util.Map.of("net.ipv4.ip_default_ttl", 0L), TypeMask.LINUX);
        assertThatThrownBy(() -> new DataplaneConfig(1, Threading.SHARED, Forwarding.ROUTER, List.of(LAN, WAN),
            List.of(), List.of(), List.of(), sysctl, 1, 50_000, 0))
            .hasMessage("sysctl/net.ipv4.ip_default_ttl: 0 is out of range; allowed: 1 to 255");
    }

    @Test
    void recordsRefuseWhatCannotBe() {
        assertThatThrownBy(() -> port("all", 2, 1500)).hasMessageContaining("\"all\" is no name for an interface");
        assertThatThrownBy(() -> port("a", 0x01_00_00_00_00_00L, 1500)).hasMessageContaining("unicast");
        assertThatThrownBy(() -> port("a", 0, 1500)).hasMessageContaining("unicast");
        assertThatThrownBy(() -> port("a", 2, 67)).hasMessage("mtu must be 68..65535, got 67");
        assertThatThrownBy(() -> link("a", "b", 0x9100, 1)).hasMessageContaining("protocol");
        assertThatThrownBy(() -> link("a", "b", 0x8100, 0)).hasMessage("vlan must be 1..4094, got 0");
        assertThatThrownBy(() -> new WireConfig.Replay(java.nio.file.Path.of("x"), 0)).hasMessageContaining("loops");
        assertThatThrownBy(() -> new RouteConfig(IpPrefix.parse("10.0.0.0/8"), RouteType.BLACKHOLE,
            Optional.empty(), Optional.of("lan"), 0)).hasMessageContaining("unicast route");
    }
}
