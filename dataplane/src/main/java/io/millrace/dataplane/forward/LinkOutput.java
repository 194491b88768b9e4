package io.millrace.dataplane.forward;

import io.millrace.checksum.transmit.ChecksumHelp;
import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.fragment.Ipv4Fragmenter;
import io.millrace.dataplane.fragment.Ipv6Fragmenter;
import io.millrace.dataplane.fragment.OriginalPieces;
import io.millrace.dataplane.fragment.PieceSink;
import io.millrace.dataplane.hook.Hooks;
import io.millrace.dataplane.hook.RuleOutput;
import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.iface.Interfaces;
import io.millrace.dataplane.neighbour.NeighbourTable;
import io.millrace.dataplane.neighbour.NextHopNeighbours;
import io.millrace.dataplane.output.Output;
import io.millrace.dataplane.output.Transmitter;
import io.millrace.dataplane.route.NextHops;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.dataplane.route.RouteType;
import io.millrace.flow.Routes;
import io.millrace.gso.Segmentation;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// The last steps of every packet that leaves: its neighbour, its Ethernet header, its port.
public final class LinkOutput implements Output, RuleOutput {

    private static final int MAC_BYTES = 6;
    private static final int TAG_BYTES = 4;
    /// Segments of one packet: 64 KB in parts of 32 bytes.
    private static final int SEGMENTS_MAX = 2048;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Ipv4View ipv4;
    private final Ipv6View ipv6;
    private final Ledger ledger;
    private final Interfaces interfaces;
    private final RouteTable routes;
    private final NextHops hops;
    private final NeighbourTable neighbours;
    private final NextHopNeighbours nextHopNeighbours;
    private final Ipv4Fragmenter fragmenter;
    private final Transmitter transmitter;
    private final Ipv6Fragmenter fragmenter6;
    private final OriginalPieces originals;
    private final PieceSink pieces;
    private final PieceSink pieces6;
    private final MtuCheck mtu;
    private final ChecksumHelp checksums;
    private final Segmentation segmentation;
    private final Hooks hooks;
    private final int[] segments = new int[SEGMENTS_MAX];
    private int pieceHop;      // where the pieces of the packet at hand go
    private int pieceTarget;
    private long pieceTargetHigh;
    private long pieceTargetLow;
    private long pieceNowNs;

    public LinkOutput(PacketPool pool, Ledger ledger, Interfaces interfaces, RouteTable routes,
                      NeighbourTable neighbours, NextHopNeighbours nextHopNeighbours, Transmitter transmitter,
                      Hooks hooks) {
        this.memory = pool.packets().segment();
        this.meta = new PacketMeta(pool.packets());
        this.ipv4 = new Ipv4View(pool.packets());
        this.ipv6 = new Ipv6View(pool.packets());
        this.ledger = ledger;
        this.interfaces = interfaces;
        this.routes = routes;
        this.hops = routes.hops();
        this.neighbours = neighbours;
        this.nextHopNeighbours = nextHopNeighbours;
        this.fragmenter = new Ipv4Fragmenter(pool, ledger);
        this.transmitter = transmitter;
        this.fragmenter6 = new Ipv6Fragmenter(pool, ledger);
        this.originals = new OriginalPieces(pool);
        this.hooks = hooks;
        this.pieces = this::sendPiece;
        this.pieces6 = this::sendPiece6;
        this.mtu = new MtuCheck(pool.packets());
        this.checksums = new ChecksumHelp(pool.packets());
        this.segmentation = new Segmentation(pool, 0);   // IPv4 alone is cut here, which needs no ids
    }

    @Override
    public void route(int packet, long nowNs) {
        forgetOrigin(packet);
        meta.family(packet, Wire.u8(memory, meta.frameAt(packet) + meta.l3(packet)) >>> 4);
        if (!hooks.isOn()) {
            leave(packet, hop(packet), nowNs);
            return;
        }
        hooks.begin();
        routeThroughHooks(packet, nowNs);
        hooks.end();
    }

    /// An answer may lie in the slots of a packet that came in pieces.
    private void forgetOrigin(int packet) {
        if (meta.fragmentBytesMax(packet) != 0) originals.forget(packet);
    }

    @Override
    public void relate(int packet, long nowNs) {
        forgetOrigin(packet);
        if (!hooks.isOn()) {
            route(packet, nowNs);
            return;
        }
        meta.family(packet, Wire.u8(memory, meta.frameAt(packet) + meta.l3(packet)) >>> 4);
        hooks.beginRelated();
        routeThroughHooks(packet, nowNs);
        hooks.end();
    }

    /// A packet to this host itself may be translated and so find a way out; one without a route has none.
    private void routeThroughHooks(int packet, long nowNs) {
        int hop = hop(packet);
        boolean isToSelf = hop != NextHops.NONE && hops.type(hop) == RouteType.LOCAL;
        if (!isToSelf && !isWayOut(packet, hop)) return;
        if (hooks.output(packet, isToSelf ? Routes.NO_INTERFACE : hops.egress(hop), nowNs)) {
            leave(packet, hop(packet), nowNs);   // its target may be another now
        }
    }

    private void leave(int packet, int hop, long nowNs) {
        if (!isWayOut(packet, hop)) return;
        meta.egress(packet, hops.egress(hop));
        if (meta.family(packet) == 4) {
            leave4(packet, hop, nowNs);
            return;
        }
        ipv6.at(meta.frameAt(packet) + meta.l3(packet));
        if (Ipv6View.HEADER_BYTES + ipv6.payloadBytes() > interfaces.get(hops.egress(hop)).mtuBytes()) {
            ledger.drop(packet, Verdict.PACKET_TOO_BIG);
            return;
        }
        leave6(packet, hop, nowNs);
    }

    /// The next hop for the packet's target as it is now.
    private int hop(int packet) {
        long at = meta.frameAt(packet) + meta.l3(packet);
        if (meta.family(packet) == 4) return routes.lookup4(ipv4.at(at).target());
        ipv6.at(at);
        return Ipv6Scope.isLinkLocal(ipv6.targetHigh()) ? routes.linkLocal(meta.ingress(packet))
            : routes.lookup6(ipv6.targetHigh(), ipv6.targetLow());
    }

    /// False if a packet of this host's own cannot go there; it is then gone.
    private boolean isWayOut(int packet, int hop) {
        if (hop != NextHops.NONE && hops.type(hop) == RouteType.UNICAST) return true;
        ledger.drop(packet, Verdict.NO_ROUTE);
        return false;
    }

    /// An IPv4 packet leaves by this next hop: after the last rules, which may change its addresses.
    void leave4(int packet, int hop, long nowNs) {
        if (hooks.isOn() && !hooks.postrouting(packet, hop, nowNs)) return;
        toHop4(packet, hop, ipv4.at(meta.frameAt(packet) + meta.l3(packet)).target(), nowNs);
    }

    void leave6(int packet, int hop, long nowNs) {
        if (hooks.isOn() && !hooks.postrouting(packet, hop, nowNs)) return;
        ipv6.at(meta.frameAt(packet) + meta.l3(packet));
        toHop6(packet, hop, ipv6.targetHigh(), ipv6.targetLow(), nowNs);
    }

    /// Sends an IPv4 packet by this next hop, in pieces if it is longer than the link carries or came in pieces. Whether
    /// it may be cut was decided before.
    private void toHop4(int packet, int hop, int target, long nowNs) {
        Interface egress = interfaces.get(hops.egress(hop));
        int totalBytes = meta.packetBytes(packet) - meta.l3(packet);
        if (meta.fragmentBytesMax(packet) == 0 && mtu.fits(packet, totalBytes, egress.mtuBytes())) {
            if (mustBeCutFirst(packet, egress)) {
                segmentTo(packet, nextHopNeighbours.neighbour4(hop, target, nowNs), nowNs);
                return;
            }
            toNeighbour(packet, nextHopNeighbours.neighbour4(hop, target, nowNs), nowNs);
            return;
        }
        if (meta.gsoSize(packet) != 0) {
            segmentTo4(packet, hop, target, nowNs);
            return;
        }
        if (checksums.checksumHelp(packet) != ChecksumHelp.Outcome.DONE) {
            ledger.drop(packet, Verdict.TX_REFUSED);
            return;
        }
        pieceHop = hop;
        pieceTarget = target;
        pieceNowNs = nowNs;
        fragmenter.fragment(packet, egress.mtuBytes(), pieces);
    }

    /// A PPPoE header has the length of its own packet, so no super-packet can wear one.
    private boolean mustBeCutFirst(int packet, Interface egress) {
        return meta.gsoSize(packet) != 0 && egress.isPointToPoint();
    }

    private void segmentTo(int packet, int neighbour, long nowNs) {
        Verdict verdict = segmentation.segment(packet, false, segments);
        if (verdict != Verdict.FORWARD) {
            ledger.drop(packet, verdict);
            return;
        }
        int segmentCount = segmentation.count();
        ledger.split(segmentCount);
        for (int i = 0; i < segmentCount; i++) toNeighbour(segments[i], neighbour, nowNs);
    }

    /// Segments that do not fit either are cut further, each for itself.
    private void segmentTo4(int packet, int hop, int target, long nowNs) {
        Verdict verdict = segmentation.segment(packet, false, segments);
        if (verdict != Verdict.FORWARD) {
            ledger.drop(packet, verdict);
            return;
        }
        int segmentCount = segmentation.count();
        ledger.split(segmentCount);
        for (int i = 0; i < segmentCount; i++) toHop4(segments[i], hop, target, nowNs);
    }

    private void sendPiece(int piece) {
        toNeighbour(piece, nextHopNeighbours.neighbour4(pieceHop, pieceTarget, pieceNowNs), pieceNowNs);
    }

    /// Sends an IPv6 packet by this next hop, in pieces if it came so; whether those fit was asked before.
    private void toHop6(int packet, int hop, long targetHigh, long targetLow, long nowNs) {
        if (meta.fragmentBytesMax(packet) == 0) {
            if (mustBeCutFirst(packet, interfaces.get(hops.egress(hop)))) {
                segmentTo(packet, nextHopNeighbours.neighbour6(hop, targetHigh, targetLow, nowNs), nowNs);
                return;
            }
            toNeighbour6(packet, hop, targetHigh, targetLow, nowNs);
            return;
        }
        if (checksums.checksumHelp(packet) != ChecksumHelp.Outcome.DONE) {
            ledger.drop(packet, Verdict.TX_REFUSED);
            return;
        }
        pieceHop = hop;
        pieceTargetHigh = targetHigh;
        pieceTargetLow = targetLow;
        pieceNowNs = nowNs;
        fragmenter6.fragment(packet, pieces6);
    }

    private void sendPiece6(int piece) {
        toNeighbour6(piece, pieceHop, pieceTargetHigh, pieceTargetLow, pieceNowNs);
    }

    private void toNeighbour6(int packet, int hop, long targetHigh, long targetLow, long nowNs) {
        toNeighbour(packet, nextHopNeighbours.neighbour6(hop, targetHigh, targetLow, nowNs), nowNs);
    }

    @Override
    public void ownToNeighbour(int packet, int neighbour, long nowNs) {
        if (passesAsOwn(packet, neighbours.interfaceIndex(neighbour), nowNs)) toNeighbour(packet, neighbour, nowNs);
    }

    /// False if rules did not let a packet of this host's own pass; it is then gone.
    private boolean passesAsOwn(int packet, int egress, long nowNs) {
        if (!hooks.isOn()) return true;
        meta.family(packet, Wire.u8(memory, meta.frameAt(packet) + meta.l3(packet)) >>> 4);
        hooks.begin();
        boolean passes = hooks.outputAndPostrouting(packet, egress, nowNs);
        hooks.end();
        return passes;
    }

    @Override
    public void toNeighbour(int packet, int neighbour, long nowNs) {
        if (neighbour == NeighbourTable.NONE) {
            ledger.drop(packet, Verdict.NEIGHBOUR_TABLE_FULL);
        } else if (neighbours.use(neighbour, nowNs)) {
            neighbours.writeLinkHeader(packet, neighbour);
            transmit(packet, neighbours.interfaceIndex(neighbour), nowNs);
        } else {
            neighbours.enqueue(packet, neighbour, nowNs);
        }
    }

    @Override
    public void toMac(int packet, int interfaceIndex, long targetMac, int etherType, long nowNs) {
        if (etherType == EtherType.IPV6 && !passesAsOwn(packet, interfaceIndex, nowNs)) return;
        Interface egress = interfaces.get(interfaceIndex);
        int headerBytes = egress.linkHeaderBytes();
        meta.moveFront(packet, headerBytes - meta.l3(packet));
        long at = meta.frameAt(packet);
        Wire.u48(memory, at, targetMac);
        Wire.u48(memory, at + MAC_BYTES, egress.mac());
        at += 2 * MAC_BYTES;
        if (egress.outerTag() != 0) {
            Wire.i32(memory, at, egress.outerTag());
            at += 4;
        }
        if (egress.innerTag() != 0) {
            Wire.i32(memory, at, egress.innerTag());
            at += 4;
        }
        Wire.u16(memory, at, etherType);
        transmit(packet, interfaceIndex, nowNs);
    }

    /// A whole frame leaves by the interface.
    public void transmit(int packet, int interfaceIndex, long nowNs) {
        Interface egress = interfaces.get(interfaceIndex);
        meta.egress(packet, interfaceIndex);
        if (!passesEgress(packet, egress, interfaceIndex, nowNs)) return;
        int below = interfaces.untagged(egress.portIndex());
        boolean isAbove = below != interfaceIndex && below != Interfaces.NONE;
        if (isAbove && !passesEgress(packet, egress, below, nowNs)) return;
        transmitter.add(packet, egress.portIndex(), nowNs);
    }

    private boolean passesEgress(int packet, Interface egress, int seen, long nowNs) {
        return !hooks.hasEgress(seen) || hooks.egress(packet, egress.linkHeaderBytes(), seen, nowNs);
    }

    /// Link address of an IPv6 neighbour if it is known, else 0.
    long macOf6(int interfaceIndex, long high, long low) {
        int neighbour = neighbours.find6(interfaceIndex, high, low);
        return neighbour == NeighbourTable.NONE ? 0 : neighbours.mac(neighbour);
    }

    @Override
    public void towards(int packet, int family, long high, long low, int interfaceIndex, long nowNs) {
        int hop = family == 4 ? routes.lookup4((int) low)
            : Ipv6Scope.isLinkLocal(high) && interfaceIndex != Routes.NO_INTERFACE ? routes.linkLocal(interfaceIndex)
            : routes.lookup6(high, low);
        if (!isWayOut(packet, hop)) return;
        int egress = hops.egress(hop);
        if (interfaceIndex != Routes.NO_INTERFACE && interfaceIndex != egress) {
            ledger.drop(packet, Verdict.NO_ROUTE);
            return;
        }
        meta.egress(packet, egress);
        hooks.beginUntracked();
        boolean passes = hooks.output(packet, egress, nowNs) && hooks.postrouting(packet, hop, nowNs);
        hooks.end();
        if (!passes) return;
        if (family == 4) {
            toHop4(packet, hop, (int) low, nowNs);
        } else {
            toHop6(packet, hop, high, low, nowNs);
        }
    }

    @Override
    public void frame(int packet, int interfaceIndex, long nowNs) {
        if (interfaceIndex < 0 || interfaceIndex >= interfaces.count()) {
            ledger.drop(packet, Verdict.RULE_TAKEN);
            return;
        }
        Interface egress = interfaces.get(interfaceIndex);
        if (egress.outerTag() != 0) tag(packet, egress);
        transmit(packet, interfaceIndex, nowNs);
    }

    /// The tags of the interface come behind the MAC addresses.
    private void tag(int packet, Interface egress) {
        long high = Wire.i64(memory, meta.frameAt(packet));
        int low = Wire.i32(memory, meta.frameAt(packet) + 8);
        meta.moveFront(packet, TAG_BYTES * egress.tagCount());
        long at = meta.frameAt(packet);
        Wire.i64(memory, at, high);
        Wire.i32(memory, at + 8, low);
        Wire.i32(memory, at + 2 * MAC_BYTES, egress.outerTag());
        if (egress.innerTag() != 0) Wire.i32(memory, at + 2 * MAC_BYTES + TAG_BYTES, egress.innerTag());
    }

    @Override
    public void neighbour(int packet, int family, long high, long low, int interfaceIndex, long nowNs) {
        int found = family == 4 ? neighbours.resolve4(interfaceIndex, (int) low, nowNs)
            : neighbours.resolve6(interfaceIndex, high, low, nowNs);
        toNeighbour(packet, found, nowNs);
    }
}
