package io.millrace.dataplane.neighbour;

import io.millrace.dataplane.route.NextHops;
import io.millrace.dataplane.route.Route;
import io.millrace.dataplane.route.RouteResult;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.millrace.dataplane.neighbour.NeighbourWorld.LAN;
import static io.millrace.dataplane.neighbour.NeighbourWorld.WAN;
import static org.assertj.core.api.Assertions.assertThat;

class NextHopNeighboursTest {

    private static final IpPrefix FAR = IpPrefix.parse("198.51.100.0/24");
    private static final IpPrefix FAR_6 = IpPrefix.parse("2001:db8::/32");
    private static final int FAR_HOST = IpAddress.parse("198.51.100.7").ipv4();

    private final NeighbourWorld world = new NeighbourWorld();
    private final NextHopNeighbours neighbours = new NextHopNeighbours(world.routes.hops(), world.table);

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void targetOnTheLinkIsItsOwnNeighbour() {
        int target = IpAddress.parse("192.168.1.50").ipv4();
        int entry = neighbours.neighbour4(world.routes.lookup4(target), target, world.nowNs);
        assertThat(entry).isEqualTo(world.entry(LAN, "192.168.1.50"));
        IpAddress target6 = IpAddress.parse("fd00:2::50");
        int hop6 = world.routes.lookup6(target6.high(), target6.low());
        assertThat(neighbours.neighbour6(hop6, target6.high(), target6.low(), world.nowNs))
            .isEqualTo(world.entry(WAN, "fd00:2::50"));
    }

    @Test
    void gatewayIsNotedAndHeldUntilItsRouteGoes() {
        add(Route.unicast(FAR, Route.NO_INTERFACE, IpAddress.parse("203.0.113.254")));
        int hop = world.routes.lookup4(FAR_HOST);
        int entry = neighbours.neighbour4(hop, FAR_HOST, world.nowNs);
        assertThat(entry).isEqualTo(world.entry(WAN, "203.0.113.254"));
        assertThat(world.routes.hops().neighbour(hop)).isEqualTo(entry);
        world.table.remove(WAN, IpAddress.parse("203.0.113.254"), world.nowNs);
        assertThat(world.entry(WAN, "203.0.113.254")).isEqualTo(entry);
        world.routes.remove(FAR, route -> true);
        world.table.remove(WAN, IpAddress.parse("203.0.113.254"), world.nowNs);
        assertThat(world.entry(WAN, "203.0.113.254")).isEqualTo(NeighbourTable.NONE);
    }

    @Test
    void anotherRouteInTheSameNextHopNotesItsOwnNeighbour() {
        add(Route.unicast(FAR, Route.NO_INTERFACE, IpAddress.parse("203.0.113.254")));
        int first = world.routes.lookup4(FAR_HOST);
        neighbours.neighbour4(first, FAR_HOST, world.nowNs);
        world.routes.remove(FAR, route -> true);
        add(Route.unicast(FAR, Route.NO_INTERFACE, IpAddress.parse("192.168.1.254")));
        int second = world.routes.lookup4(FAR_HOST);
        assertThat(second).isEqualTo(first);   // the number is used again
        assertThat(world.routes.hops().neighbour(second)).isEqualTo(NextHops.NONE);
        assertThat(neighbours.neighbour4(second, FAR_HOST, world.nowNs)).isEqualTo(world.entry(LAN, "192.168.1.254"));
    }

    @Test
    void linkLocalAndForeignGatewaysAreFound() {
        IpAddress gateway = IpAddress.parse("fe80::99");
        add(Route.unicast(FAR_6, WAN, gateway));
        add(Route.unicast(FAR, WAN, gateway));
        int hop6 = world.routes.lookup6(FAR_6.address().high(), 5);
        int entry = neighbours.neighbour6(hop6, FAR_6.address().high(), 5, world.nowNs);
        assertThat(entry).isEqualTo(world.entry(WAN, "fe80::99"));
        assertThat(neighbours.neighbour4(world.routes.lookup4(FAR_HOST), FAR_HOST, world.nowNs)).isEqualTo(entry);
    }

    private void add(Route route) {
        assertThat(world.routes.add(route)).isEqualTo(RouteResult.DONE);
    }
}
