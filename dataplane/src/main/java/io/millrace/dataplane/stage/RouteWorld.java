package io.millrace.dataplane.stage;

import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.iface.Interfaces;
import io.millrace.dataplane.neighbour.NeighbourLinks;
import io.millrace.dataplane.neighbour.NeighbourTable;
import io.millrace.dataplane.neighbour.NextHopNeighbours;
import io.millrace.dataplane.route.PrefixLookup;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.packet.jit.Specialised;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.parse.CompiledParser;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;

/// What a [RouteStage] forwards with, held by its code as constants. Arrays go by the number of an interface, but for
/// `untagged`.
///
/// @param packets     the packet memory, [PacketMemory#guarded]
/// @param slotMask    ones as far as a slot's begin goes
/// @param hops        next hops, [io.millrace.dataplane.route.NextHops]
/// @param untagged    by port: the interface of its untagged frames
/// @param macs        the interfaces' own
/// @param ports       which port each leaves by
/// @param mtus        bytes; 0 for what leaves by the whole way alone
/// @param forwards4   whether plain IPv4 packets that come by it are forwarded
/// @param own4        this host's IPv4 addresses
/// @param wholeWay    takes everything else
/// @param parser      parses what nobody has parsed, as `parsed` says, and needs more than a look at its IP header
public record RouteWorld(MemorySegment packets, long slotMask, PrefixLookup ipv4, PrefixLookup ipv6, MemorySegment hops,
                  NeighbourLinks links, NeighbourTable neighbours, NextHopNeighbours nextHopNeighbours,
                  Interfaces interfaces, int[] untagged, long[] macs, int[] ports, int[] mtus, boolean[] forwards4,
                  boolean[] forwards6, OwnIpv4 own4, PortOutputs outputs, WholeWay wholeWay, CompiledParser parser,
                  ParsedBurst parsed) {

    public static RouteWorld of(PacketMemory packets, Interfaces interfaces, RouteTable routes,
                                NeighbourTable neighbours, NextHopNeighbours nextHopNeighbours, PortOutputs outputs,
                                WholeWay wholeWay, CompiledParser parser, ParsedBurst parsed) {
        int count = interfaces.count();
        var macs = new long[count];
        var ports = new int[count];
        var mtus = new int[count];
        var forwards4 = new boolean[count];
        var forwards6 = new boolean[count];
        var world = new RouteWorld(packets.guarded(), packets.reachMask(), routes.ipv4(), routes.ipv6(),
            routes.hops().memory(), neighbours.links(), neighbours, nextHopNeighbours, interfaces,
            interfaces.untagged(), macs, ports, mtus, forwards4, forwards6, new OwnIpv4(), outputs, wholeWay, parser,
            parsed);
        world.interfacesChanged();
        return world;
    }

    /// Takes over what [Interfaces] says now. For the worker's thread, between two bursts: the record and its arrays are
    /// constants to the compiler, what is in the arrays is not.
    public void interfacesChanged() {
        for (Interface each : interfaces.all()) {
            boolean dropsMartians = each.settings().dropsMartians();
            macs[each.index()] = each.mac();
            ports[each.index()] = each.portIndex();
            mtus[each.index()] = each.isPointToPoint() ? 0 : each.mtuBytes();   // its header takes the whole way
            forwards4[each.index()] = each.settings().forwardsIpv4() && !dropsMartians;
            forwards6[each.index()] = each.settings().forwardsIpv6() && !dropsMartians;
        }
        own4.change(interfaces.all());
    }

    public Stage stage() {
        return Specialised.copy(MethodHandles.lookup(), RouteStage.class, Stage.class, this);
    }
}
