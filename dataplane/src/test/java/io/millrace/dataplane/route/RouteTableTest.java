package io.millrace.dataplane.route;

import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.iface.InterfaceSettings;
import io.millrace.packet.address.Addresses;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static io.millrace.dataplane.route.Route.NO_INTERFACE;
import static org.assertj.core.api.Assertions.assertThat;

class RouteTableTest {

    private static final int LAN = 0;
    private static final int WAN = 1;

    private final Arena arena = Arena.ofConfined();
    private final RouteTable routes = new RouteTable(arena, List.of(
        iface(LAN, "192.168.1.1/24", "192.168.1.2/24", "10.1.0.0/31", "10.2.0.1/32", "fe80::1/64", "fd00:1::1/64"),
        iface(WAN, "203.0.113.1/30", "fe80::2/64", "fd00:2::1/127")));

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void derivesWhatLinuxDerives() {
        assertThat(routes.routes()).allMatch(Route::isDerived).extracting(RouteTableTest::text)
            .containsExactlyInAnyOrder(
            "unicast 192.168.1.0/24 0", "local 192.168.1.1/32 0", "local 192.168.1.2/32 0",
            "broadcast 192.168.1.255/32 0",
            "unicast 10.1.0.0/31 0", "local 10.1.0.0/32 0",
            "local 10.2.0.1/32 0",
            "unicast 203.0.113.0/30 1", "local 203.0.113.1/32 1", "broadcast 203.0.113.3/32 1",
            "unicast fe80::/64 0", "local fe80::1/128 0", "anycast fe80::/128 0",
            "unicast fd00:1::/64 0", "local fd00:1::1/128 0", "anycast fd00:1::/128 0", "multicast ff00::/8 0",
            "unicast fe80::/64 1", "local fe80::2/128 1", "anycast fe80::/128 1",
            "unicast fd00:2::/127 1", "local fd00:2::1/128 1", "multicast ff00::/8 1");
    }

    @Test
    void findsTheTypeOfEveryKindOfTarget() {
        assertThat(type("192.168.1.1")).isEqualTo("local");
        assertThat(type("192.168.1.77")).isEqualTo("unicast");
        assertThat(type("192.168.1.0")).isEqualTo("unicast");   // the first address is one like others
        assertThat(type("192.168.1.255")).isEqualTo("broadcast");
        assertThat(type("10.1.0.1")).isEqualTo("unicast");
        assertThat(type("255.255.255.255")).isEqualTo("broadcast");
        assertThat(type("224.0.0.1")).isEqualTo("multicast");
        assertThat(type("239.255.255.255")).isEqualTo("multicast");
        assertThat(type("240.0.0.1")).isEqualTo("-");
        assertThat(type("8.8.8.8")).isEqualTo("-");
        assertThat(type("fd00:1::1")).isEqualTo("local");
        assertThat(type("fd00:1::")).isEqualTo("anycast");
        assertThat(type("fd00:1::77")).isEqualTo("unicast");
        assertThat(type("fd00:2::")).isEqualTo("unicast");      // no anycast address on a /127
        assertThat(type("ff02::1")).isEqualTo("multicast");
        assertThat(type("2001:db8::1")).isEqualTo("-");
    }

    @Test
    void refusesWhatItHasNoRoomForAndKeepsTheRest() {
        var small = new RouteTable(arena, List.of(iface(LAN, "192.168.1.1/24")), RouteTable.DERIVED_SPARE + 10,
            1 << 14, 1 << 13);
        int added = 0;
        RouteResult result = RouteResult.DONE;
        while (result == RouteResult.DONE) {
            result = small.add(Route.unicast(IpPrefix.parse("10." + added + ".0.0/16"), LAN, null));
            if (result == RouteResult.DONE) added++;
        }
        assertThat(result).isEqualTo(RouteResult.TABLE_FULL);
        assertThat(added).isBetween(1, 10);
        IpPrefix first = IpPrefix.parse("10.0.0.0/16");
        assertThat(small.lookup4(Addresses.parseIpv4("10.0.0.1"))).isNotEqualTo(NextHops.NONE);
        assertThat(small.replace(Route.refusing(first, RouteType.BLACKHOLE))).isEqualTo(RouteResult.DONE);
        assertThat(small.remove(first, each -> true)).isEqualTo(RouteResult.DONE);
        assertThat(small.add(Route.unicast(IpPrefix.parse("10.99.0.0/16"), LAN, null))).isEqualTo(RouteResult.DONE);
    }

    @Test
    void countsNodesAndNextHopsAsRoomToo() {
        List<Interface> lan = List.of(iface(LAN, "192.168.1.1/24"));
        IpPrefix to = IpPrefix.parse("10.0.0.0/8");
        Route route = Route.unicast(to, LAN, null);
        int records = 1 << 14;
        assertThat(new RouteTable(arena, lan, records, 1 << 12, 1 << 13).add(route)).isEqualTo(RouteResult.TABLE_FULL);
        assertThat(new RouteTable(arena, lan, records, 1 << 14, 1 << 12).add(route)).isEqualTo(RouteResult.TABLE_FULL);
        assertThat(new RouteTable(arena, lan, records, 1 << 14, 1 << 13).add(route)).isEqualTo(RouteResult.DONE);
    }

    @Test
    void defaultRouteHidesNothing() {
        add(Route.unicast(IpPrefix.parse("0.0.0.0/0"), NO_INTERFACE, IpAddress.parse("203.0.113.2")));
        add(Route.unicast(IpPrefix.parse("::/0"), WAN, IpAddress.parse("fe80::9")));
        assertThat(type("192.168.1.255")).isEqualTo("broadcast");
        assertThat(type("224.0.0.1")).isEqualTo("multicast");
        assertThat(type("255.255.255.255")).isEqualTo("broadcast");
        assertThat(type("ff0e::1")).isEqualTo("multicast");
        assertThat(type("8.8.8.8")).isEqualTo("unicast");
        int hop = hop("8.8.8.8");
        assertThat(routes.hops().egress(hop)).isEqualTo(WAN);
        assertThat(routes.hops().gatewayFamily(hop)).isEqualTo(4);
        assertThat(routes.hops().gateway4(hop)).isEqualTo(IpAddress.parse("203.0.113.2").ipv4());
        assertThat(routes.hops().source4(hop)).isEqualTo(IpAddress.parse("203.0.113.1").ipv4());
        int hop6 = hop("2001:db8::1");
        assertThat(routes.hops().gatewayFamily(hop6)).isEqualTo(6);
        assertThat(routes.hops().gatewayHigh(hop6)).isEqualTo(0xfe80L << 48);
        assertThat(routes.hops().gatewayLow(hop6)).isEqualTo(9);
    }

    @Test
    void refusingRoutesAreFoundByTheirType() {
        add(Route.refusing(IpPrefix.parse("10.9.0.0/16"), RouteType.UNREACHABLE));
        add(Route.refusing(IpPrefix.parse("10.10.0.0/16"), RouteType.BLACKHOLE));
        add(Route.refusing(IpPrefix.parse("2001:db8::/32"), RouteType.PROHIBIT));
        assertThat(type("10.9.1.1")).isEqualTo("unreachable");
        assertThat(type("10.10.1.1")).isEqualTo("blackhole");
        assertThat(type("2001:db8::1")).isEqualTo("prohibit");
        assertThat(routes.hops().egress(hop("10.9.1.1"))).isEqualTo(NextHops.NO_EGRESS);
    }

    @Test
    void lowerMetricCountsAndTheOtherTakesOver() {
        IpPrefix to = IpPrefix.parse("10.9.0.0/16");
        add(Route.unicast(to, NO_INTERFACE, IpAddress.parse("192.168.1.9")).withMetric(20));
        add(Route.unicast(to, NO_INTERFACE, IpAddress.parse("203.0.113.2")).withMetric(10));
        add(Route.refusing(to, RouteType.UNREACHABLE).withMetric(0xffff_ffff));
        assertThat(routes.hops().egress(hop("10.9.1.1"))).isEqualTo(WAN);
        assertThat(routes.remove(to, route -> route.metric() == 10)).isEqualTo(RouteResult.DONE);
        assertThat(routes.hops().egress(hop("10.9.1.1"))).isEqualTo(LAN);
        assertThat(routes.remove(to, route -> true)).isEqualTo(RouteResult.DONE);
        assertThat(type("10.9.1.1")).isEqualTo("unreachable");
        assertThat(routes.remove(to, route -> true)).isEqualTo(RouteResult.DONE);
        assertThat(type("10.9.1.1")).isEqualTo("-");
        assertThat(routes.remove(to, route -> true)).isEqualTo(RouteResult.NOT_FOUND);
    }

    @Test
    void localTableComesFirst() {
        add(Route.unicast(IpPrefix.parse("192.168.1.1/32"), WAN, null));
        assertThat(type("192.168.1.1")).isEqualTo("local");
        assertThat(routes.remove(IpPrefix.parse("192.168.1.1/32"), route -> true)).isEqualTo(RouteResult.DONE);
        assertThat(routes.remove(IpPrefix.parse("192.168.1.1/32"), route -> true)).isEqualTo(RouteResult.NOT_FOUND);
        assertThat(type("192.168.1.1")).isEqualTo("local");
    }

    @Test
    void addressThatComesLaterStillComesFirst() {
        add(Route.unicast(IpPrefix.parse("192.168.1.7/32"), WAN, null));
        assertThat(type("192.168.1.7")).isEqualTo("unicast");
        routes.interfaces(List.of(iface(LAN, "192.168.1.7/24"), iface(WAN)));
        assertThat(type("192.168.1.7")).isEqualTo("local");
    }

    @Test
    void additionsAreRefusedAsByLinux() {
        IpPrefix to = IpPrefix.parse("10.9.0.0/16");
        add(Route.unicast(to, NO_INTERFACE, IpAddress.parse("192.168.1.9")));
        assertThat(tryAdd("10.9.0.0/16", NO_INTERFACE, "203.0.113.2")).isEqualTo(RouteResult.EXISTS);
        assertThat(tryAdd("192.168.1.0/24", NO_INTERFACE, "203.0.113.2")).isEqualTo(RouteResult.EXISTS);
        assertThat(tryAdd("10.10.0.0/16", NO_INTERFACE, null)).isEqualTo(RouteResult.INTERFACE_UNKNOWN);
        assertThat(tryAdd("10.10.0.0/16", 7, null)).isEqualTo(RouteResult.INTERFACE_UNKNOWN);
        assertThat(tryAdd("10.10.0.0/16", NO_INTERFACE, "8.8.8.8")).isEqualTo(RouteResult.GATEWAY_INVALID);
        assertThat(tryAdd("10.10.0.0/16", WAN, "192.168.1.9")).isEqualTo(RouteResult.GATEWAY_INVALID);
        assertThat(tryAdd("10.10.0.0/16", NO_INTERFACE, "10.9.0.1")).isEqualTo(RouteResult.GATEWAY_INVALID);
        assertThat(tryAdd("10.10.0.0/16", NO_INTERFACE, "192.168.1.255")).isEqualTo(RouteResult.GATEWAY_INVALID);
        assertThat(tryAdd("10.10.0.0/16", LAN, "224.0.0.1")).isEqualTo(RouteResult.GATEWAY_INVALID);
        assertThat(tryAdd("239.0.0.0/8", LAN, null)).isEqualTo(RouteResult.MULTICAST_REFUSED);
        assertThat(tryAdd("2001:db8::/32", NO_INTERFACE, "fe80::9")).isEqualTo(RouteResult.INTERFACE_NEEDED);
        assertThat(tryAdd("2001:db8::/32", LAN, "ff02::1")).isEqualTo(RouteResult.GATEWAY_INVALID);
        assertThat(tryAdd("2001:db8::/32", LAN, "192.168.1.9")).isEqualTo(RouteResult.GATEWAY_INVALID);
        assertThat(tryAdd("2001:db8::/32", NO_INTERFACE, "fd00:1::1")).isEqualTo(RouteResult.GATEWAY_IS_LOCAL);
        assertThat(tryAdd("2001:db8::/32", NO_INTERFACE, "fd00:9::1")).isEqualTo(RouteResult.GATEWAY_UNREACHABLE);
        assertThat(tryAdd("2001:db8::/32", WAN, "fd00:1::9")).isEqualTo(RouteResult.GATEWAY_UNREACHABLE);
        assertThat(routes.add(Route.unicast(IpPrefix.parse("10.11.0.0/16"), LAN, null)
            .withSource(IpAddress.parse("192.168.1.99")))).isEqualTo(RouteResult.SOURCE_INVALID);
        assertThat(routes.add(new Route(IpPrefix.parse("10.11.0.0/16"), RouteType.LOCAL, LAN, null, 0, null, false)))
            .isEqualTo(RouteResult.TYPE_REFUSED);
        assertThat(routes.routes()).filteredOn(route -> !route.isDerived()).hasSize(1);
    }

    @Test
    void equalMetricsOfDifferentFamiliesOfTablesMayStandSideBySide() {
        assertThat(tryAdd("fd00:1::/64", LAN, "fe80::9")).isEqualTo(RouteResult.DONE);   // 1024 beside 256
        assertThat(routes.hops().gatewayFamily(hop("fd00:1::77"))).isZero();
    }

    @Test
    void gatewayTellsTheInterface() {
        add(Route.unicast(IpPrefix.parse("2001:db8::/32"), NO_INTERFACE, IpAddress.parse("fd00:1::9")));
        assertThat(routes.hops().egress(hop("2001:db8::1"))).isEqualTo(LAN);
        add(Route.unicast(IpPrefix.parse("10.9.0.0/16"), LAN, null));
        add(Route.unicast(IpPrefix.parse("10.10.0.0/16"), NO_INTERFACE, IpAddress.parse("10.9.1.1")));
        assertThat(routes.hops().egress(hop("10.10.1.1"))).isEqualTo(LAN);
    }

    @Test
    void gatewayThatIsOurOwnAddressMeansOnTheLink() {
        add(Route.unicast(IpPrefix.parse("10.9.0.0/16"), NO_INTERFACE, IpAddress.parse("192.168.1.1")));
        int hop = hop("10.9.1.1");
        assertThat(routes.hops().gatewayFamily(hop)).isZero();
        assertThat(routes.hops().egress(hop)).isEqualTo(LAN);
    }

    @Test
    void replaceTakesThePlaceOfTheSameMetric() {
        IpPrefix to = IpPrefix.parse("10.9.0.0/16");
        add(Route.unicast(to, NO_INTERFACE, IpAddress.parse("192.168.1.9")));
        assertThat(routes.replace(Route.unicast(to, NO_INTERFACE, IpAddress.parse("203.0.113.2"))))
            .isEqualTo(RouteResult.DONE);
        assertThat(routes.hops().egress(hop("10.9.1.1"))).isEqualTo(WAN);
        assertThat(routes.replace(Route.unicast(to, NO_INTERFACE, IpAddress.parse("8.8.8.8"))))
            .isEqualTo(RouteResult.GATEWAY_INVALID);
        assertThat(routes.hops().egress(hop("10.9.1.1"))).isEqualTo(WAN);
    }

    @Test
    void routesToOnePlaceShareANextHopUntilTheLastGoes() {
        int before = routes.hops().count();
        var forgotten = new ArrayList<Integer>();
        routes.hops().onForgotten(forgotten::add);
        for (int i = 0; i < 100; i++) {
            add(Route.unicast(IpPrefix.parse("10." + i + ".64.0/24"), NO_INTERFACE, IpAddress.parse("192.168.1.9")));
        }
        assertThat(routes.hops().count()).isEqualTo(before + 1);
        routes.hops().neighbour(hop("10.5.64.1"), 42);
        for (int i = 0; i < 99; i++) routes.remove(IpPrefix.parse("10." + i + ".64.0/24"), route -> true);
        assertThat(forgotten).isEmpty();
        assertThat(routes.hops().neighbour(hop("10.99.64.1"))).isEqualTo(42);
        routes.remove(IpPrefix.parse("10.99.64.0/24"), route -> true);
        assertThat(forgotten).containsExactly(42);
        assertThat(routes.hops().count()).isEqualTo(before);
    }

    @Test
    void otherInterfacesChangeDerivedRoutesAndTakeStaticOnesAlong() {
        add(Route.unicast(IpPrefix.parse("10.9.0.0/16"), NO_INTERFACE, IpAddress.parse("192.168.1.9")));
        add(Route.unicast(IpPrefix.parse("10.10.0.0/16"), NO_INTERFACE, IpAddress.parse("203.0.113.2")));
        add(Route.unicast(IpPrefix.parse("10.11.0.0/16"), LAN, null).withSource(IpAddress.parse("203.0.113.1")));
        routes.interfaces(List.of(iface(LAN, "192.168.1.7/24", "fd00:1::1/64")));
        assertThat(type("192.168.1.1")).isEqualTo("unicast");
        assertThat(type("192.168.1.7")).isEqualTo("local");
        assertThat(type("203.0.113.1")).isEqualTo("-");
        assertThat(type("10.9.1.1")).isEqualTo("unicast");
        assertThat(routes.hops().source4(hop("10.9.1.1"))).isEqualTo(IpAddress.parse("192.168.1.7").ipv4());
        assertThat(type("10.10.1.1")).isEqualTo("-");
        assertThat(type("10.11.1.1")).isEqualTo("-");
        assertThat(routes.linkLocal(LAN)).isEqualTo(NextHops.NONE);
        assertThat(routes.linkLocal(WAN)).isEqualTo(NextHops.NONE);
        assertThat(type("ff02::1")).isEqualTo("multicast");
    }

    @Test
    void linkLocalTargetsNeedTheirInterface() {
        assertThat(routes.hops().egress(routes.linkLocal(LAN))).isEqualTo(LAN);
        assertThat(routes.hops().egress(routes.linkLocal(WAN))).isEqualTo(WAN);
        assertThat(routes.linkLocal(5)).isEqualTo(NextHops.NONE);
    }

    @Test
    void preferredSourceCounts() {
        add(Route.unicast(IpPrefix.parse("10.9.0.0/16"), LAN, null).withSource(IpAddress.parse("203.0.113.1")));
        assertThat(routes.hops().source4(hop("10.9.1.1"))).isEqualTo(IpAddress.parse("203.0.113.1").ipv4());
        add(Route.unicast(IpPrefix.parse("2001:db8::/32"), LAN, null).withSource(IpAddress.parse("fd00:2::1")));
        IpAddress target = IpAddress.parse("2001:db8::1");
        int source = routes.source6(hop("2001:db8::1"), target.high(), target.low());
        assertThat(routes.addresses().high(source)).isEqualTo(IpAddress.parse("fd00:2::1").high());
    }

    @Test
    void listsInOrder() {
        add(Route.refusing(IpPrefix.parse("0.0.0.0/0"), RouteType.UNREACHABLE));
        List<Route> listed = routes.routes();
        assertThat(listed.getFirst().to()).isEqualTo(IpPrefix.parse("0.0.0.0/0"));
        assertThat(listed).isSortedAccordingTo((a, b) -> a.to().address().compareTo(b.to().address()));
    }

    private void add(Route route) {
        assertThat(routes.add(route)).isEqualTo(RouteResult.DONE);
    }

    private RouteResult tryAdd(String to, int interfaceIndex, String via) {
        return routes.add(Route.unicast(IpPrefix.parse(to), interfaceIndex, via == null ? null : IpAddress.parse(via)));
    }

    private int hop(String target) {
        IpAddress address = IpAddress.parse(target);
        return address.isIpv4() ? routes.lookup4(address.ipv4()) : routes.lookup6(address.high(), address.low());
    }

    private String type(String target) {
        int hop = hop(target);
        return hop == NextHops.NONE ? "-" : routes.hops().type(hop).toString();
    }

    private static String text(Route route) {
        return route.type() + " " + route.to() + " " + route.interfaceIndex();
    }

    private static Interface iface(int index, String... addresses) {
        return new Interface(index, "port" + index, index, 0, 0, Addresses.parseMac("02:00:00:00:00:01") + index, 1500,
            Arrays.stream(addresses).map(IpPrefix::parse).toList(), InterfaceSettings.ROUTER);
    }
}
