package io.millrace.simulation.world;

import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.Forwarding;
import io.millrace.dataplane.config.OffloadConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.RulesConfig;
import io.millrace.dataplane.config.SysctlConfig;
import io.millrace.dataplane.config.Threading;
import io.millrace.dataplane.config.TypeMask;
import io.millrace.dataplane.config.VlanConfig;
import io.millrace.dataplane.config.WireConfig;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.simulation.device.NicPlan;
import io.millrace.simulation.model.ModelLink;
import io.millrace.simulation.traffic.Host;
import io.millrace.simulation.traffic.Station;
import io.millrace.simulation.traffic.Surroundings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// The lie of the land, the same in every run: a router with three ports and a VLAN, hosts on its links, gateways and
/// hosts beyond.
///
/// ```
///  lan  192.0.2.0/24     4 hosts            wan  203.0.113.0/24  2 gateways: 198.51.100.0/24, 2001:db8:8::/48
///  dmz  10.10.0.0/24     2 hosts            vlan20 (on dmz)      a host, a gateway: 10.99.0.0/16, 2001:db8:99::/48
/// ```
final class Terrain {

    static final List<String> PORT_NAMES = List.of("lan", "wan", "dmz");

    private static final long ROUTER_MAC = 0x0200_0000_0000L;
    private static final long STATION_MAC = 0x0200_0000_0100L;
    private static final int VLAN = 20;
    private static final int TPID = 0x8100;
    private static final List<List<String>> ADDRESSES = List.of(
        List.of("192.0.2.1/24", "2001:db8:1::1/64"), List.of("203.0.113.1/24", "2001:db8:2::1/64"),
        List.of("10.10.0.1/24", "2001:db8:10::1/64"), List.of("10.20.0.1/24", "2001:db8:20::1/64"));

    private static final SysctlConfig SYSCTL = new SysctlConfig(Map.of("net.netfilter.nf_conntrack_max", 4096L,
        "net.netfilter.nf_conntrack_buckets", 1024L, "net.netfilter.nf_conntrack_acct", 1L), TypeMask.LINUX);

    private Terrain() {}

    static List<ModelLink> links() {
        var links = new ArrayList<ModelLink>();
        for (int port = 0; port < PORT_NAMES.size(); port++) {
            links.add(new ModelLink(port, PORT_NAMES.get(port), port, 0, ROUTER_MAC + port + 1, addresses(port)));
        }
        links.add(new ModelLink(3, "vlan20", 2, VLAN, ROUTER_MAC + 3, addresses(3)));
        return links;
    }

    private static List<IpPrefix> addresses(int link) {
        return ADDRESSES.get(link).stream().map(IpPrefix::parse).toList();
    }

    static DataplaneConfig config(long seed, OffloadConfig offload, RulesConfig rules, NicPlan nics) {
        var ports = new ArrayList<PortConfig>();
        for (int port = 0; port < PORT_NAMES.size(); port++) {
            ports.add(new PortConfig(PORT_NAMES.get(port), new WireConfig.Null(), ROUTER_MAC + port + 1,
                PortConfig.MTU_BYTES_USUAL, addresses(port), offload, nics.ports().get(port)));
        }
        var vlan = new VlanConfig("vlan20", "dmz", TPID, VLAN, OptionalLong.empty(), OptionalInt.of(1500),
            addresses(3));
        return new DataplaneConfig(1, Threading.SHARED, Forwarding.ROUTER, ports, List.of(vlan), List.of(), List.of(),
            SYSCTL, rules, nics.nics(), seed, DataplaneConfig.POLL_INTERVAL_NS_USUAL, DataplaneConfig.DRAIN_NS_USUAL);
    }

    /// Networks that routes may lead to, some within others.
    static List<IpPrefix> networks() {
        return List.of("0.0.0.0/0", "198.51.100.0/24", "198.51.100.0/25", "198.51.100.10/32", "10.99.0.0/16",
                "10.99.1.0/24", "::/0", "2001:db8:8::/48", "2001:db8:8:1::/64", "2001:db8:99::/48").stream()
            .map(IpPrefix::parse).toList();
    }

    static void settle(Surroundings around, List<ModelLink> links) {
        long mac = STATION_MAC;
        for (int i = 1; i <= 4; i++) local(around, links.get(0), "192.0.2.1" + i, "2001:db8:1::1" + i, mac++);
        for (int i = 1; i <= 2; i++) local(around, links.get(2), "10.10.0.1" + i, "2001:db8:10::1" + i, mac++);
        local(around, links.get(3), "10.20.0.11", "2001:db8:20::11", mac++);
        Station first = gateway(around, links.get(1), "203.0.113.254", "2001:db8:2::fe", mac++);
        Station second = gateway(around, links.get(1), "203.0.113.253", "2001:db8:2::fd", mac++);
        Station far = gateway(around, links.get(3), "10.20.0.254", "2001:db8:20::fe", mac);
        around.addHost(ip("198.51.100.10"), ip("2001:db8:8::10"), first, second);
        around.addHost(ip("198.51.100.20"), ip("2001:db8:8:1::20"), second, first);
        around.addHost(ip("198.51.100.200"), ip("2001:db8:8:2::30"), first, second);
        around.addHost(ip("10.99.0.10"), ip("2001:db8:99::10"), far);
        around.addHost(ip("10.99.1.10"), ip("2001:db8:99:1::10"), far);
    }

    private static void local(Surroundings around, ModelLink link, String ipv4, String ipv6, long mac) {
        around.addHost(ip(ipv4), ip(ipv6), around.addStation(link, ip(ipv4), ip(ipv6), false, mac));
    }

    private static Station gateway(Surroundings around, ModelLink link, String ipv4, String ipv6, long mac) {
        return around.addStation(link, ip(ipv4), ip(ipv6), true, mac);
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    /// Hosts that are on the same link speak to each other without the router.
    static boolean isRouted(Host one, Host other) {
        return one.station().link() != other.station().link();
    }
}
