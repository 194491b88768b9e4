package io.millrace.flow.nat;

import io.millrace.flow.RouteAddress;
import io.millrace.flow.Routes;
import io.millrace.flow.track.ConnectionStatus;
import io.millrace.flow.track.ConnectionTable;
import io.millrace.flow.track.Connections;
import io.millrace.flow.track.PacketState;
import io.millrace.flow.track.Tracked;
import io.millrace.flow.track.machine.Direction;
import io.millrace.flow.tuple.Tuple;
import io.millrace.packet.memory.PacketMemory;

import java.util.random.RandomGenerator;

/// Translates connections. At each NAT hook, for each packet that has a connection, in this order:
///
/// ```
/// if (nat.isEgressChanged(tracked, egress)) …        // postrouting: drop; the connection is ended
/// if (nat.isUndecided(tracked, side)) {
///     the rules of the nat chains may call bind, masquerade, redirect
///     if (nat.isUndecided(tracked, side)) nat.bindNothing(tracked, side, nowNs)
/// }
/// if (!nat.translate(packet, l3, limit, tracked, side)) …   // drop
/// ```
///
/// What is decided for the first packet holds for all. A connection without a rule is bound to itself, which gives it
/// another port where somebody else was given its own.
public final class Nat {

    private static final long LOOPBACK_IPV4 = 0x7f00_0001L;

    private final ConnectionTable table;
    private final Connections connections;
    private final Routes routes;
    private final TupleChoice choice;
    private final NatRewrite rewrite;
    private final NatRange scratch = new NatRange();
    private final RouteAddress address = new RouteAddress();
    private final Tuple current = new Tuple();
    private final Tuple chosen = new Tuple();
    private final Tuple reply = new Tuple();

    /// @param random seeded; draws where ports are searched from
    public Nat(PacketMemory packets, ConnectionTable table, Routes routes, RandomGenerator random) {
        this.table = table;
        this.connections = table.connections();
        this.routes = routes;
        this.choice = new TupleChoice(table, random);
        this.rewrite = new NatRewrite(packets, connections);
    }

    /// True if the packet's connection is new and it was not decided yet what becomes of this side.
    public boolean isUndecided(Tracked tracked, NatSide side) {
        if (!tracked.hasEntry() || tracked.state() != PacketState.NEW) return false;
        return !connections.has(tracked.entry(), side.done() | ConnectionStatus.CONFIRMED);
    }

    /// Translates a side of a connection that [#isUndecided] to something in the range, and so decides it.
    public void bind(Tracked tracked, NatRange range, NatSide side, long nowNs) {
        int entry = tracked.entry();
        assert !connections.has(entry, side.done() | ConnectionStatus.CONFIRMED);
        // What packets look like now: the inverse of the answers, which know what was translated before.
        current.invertOf(connections.tuple(entry, Direction.REPLY, reply));
        choice.choose(entry, current, withPrefix(range, side), side, chosen, nowNs);
        if (!chosen.isSame(current)) {
            reply.invertOf(chosen);
            table.alterReply(entry, reply);
            connections.set(entry, side.status());
        }
        if (side == NatSide.SOURCE) {
            table.sourceDecided(entry);
        } else {
            connections.set(entry, side.done());
        }
    }

    /// The network part of the range with the host part of the packet's address.
    private NatRange withPrefix(NatRange range, NatSide side) {
        if (!range.has(NatRange.PREFIX)) return range;
        boolean isSource = side == NatSide.SOURCE;
        long hostHigh = range.minHigh() ^ range.maxHigh();
        long hostLow = range.minLow() ^ range.maxLow();
        long high = (isSource ? current.sourceHigh() : current.targetHigh()) & hostHigh;
        long low = (isSource ? current.sourceLow() : current.targetLow()) & hostLow;
        return scratch.copyFrom(range).address(range.minHigh() & ~hostHigh | high, range.minLow() & ~hostLow | low);
    }

    /// Decides that a side stays as it is, but for a port that is somebody else's.
    public void bindNothing(Tracked tracked, NatSide side, long nowNs) {
        connections.tuple(tracked.entry(), Direction.REPLY, reply);
        scratch.set(0);
        if (side == NatSide.SOURCE) {
            scratch.address(reply.targetHigh(), reply.targetLow());
        } else {
            scratch.address(reply.sourceHigh(), reply.sourceLow());
        }
        bind(tracked, scratch, side, nowNs);
    }

    /// Translates the source to the address of the interface that the packet leaves by. False if it has none.
    ///
    /// @param ports       ports and flags of the rule; it has no addresses
    /// @param nextHopHigh the gateway, or the target where that is on the link
    public boolean masquerade(Tracked tracked, NatRange ports, int egress, long nextHopHigh, long nextHopLow,
                              long nowNs) {
        int family = connections.tuple(tracked.entry(), Direction.ORIGINAL, current).family();
        if (!routes.sourceFor(family, egress, nextHopHigh, nextHopLow, address)) return false;
        connections.masquerade(tracked.entry(), egress);
        bind(tracked, scratch.copyFrom(ports).address(address.high(), address.low()), NatSide.SOURCE, nowNs);
        return true;
    }

    /// Translates the target to this host: the first address of the interface that the packet came by, or loopback for
    /// what this host sends ([Routes#NO_INTERFACE]). False if the interface has no address.
    public boolean redirect(Tracked tracked, NatRange ports, int ingress, long nowNs) {
        connections.tuple(tracked.entry(), Direction.ORIGINAL, current);
        int family = current.family();
        if (ingress == Routes.NO_INTERFACE) {
            address.set(0, family == 4 ? LOOPBACK_IPV4 : 1);
        } else if (!routes.firstOf(family, ingress, current.targetHigh(), current.targetLow(), address)) {
            return false;
        }
        bind(tracked, scratch.copyFrom(ports).address(address.high(), address.low()), NatSide.TARGET, nowNs);
        return true;
    }

    /// True if the packet's connection masquerades as another interface than the one it leaves by now. It cannot go on
    /// so and is ended; the packet is to be dropped.
    public boolean isEgressChanged(Tracked tracked, int egress, long nowNs) {
        if (!tracked.hasEntry() || tracked.direction() != Direction.ORIGINAL) return false;
        int masquerade = connections.masquerade(tracked.entry());
        if (masquerade == Connections.NONE || masquerade == egress) return false;
        table.kill(tracked.entry(), nowNs);
        return true;
    }

    /// Rewrites a side of the packet as its connection says; of an ICMP error also the packet that it quotes. False if
    /// that cannot be done and the packet is to be dropped.
    public boolean translate(int packet, int l3, int limit, Tracked tracked, NatSide side) {
        if (!tracked.hasEntry()) return true;
        return tracked.state().isRelated()
            ? rewrite.error(packet, l3, limit, tracked, side)
            : rewrite.packet(packet, l3, limit, tracked, side);
    }
}
