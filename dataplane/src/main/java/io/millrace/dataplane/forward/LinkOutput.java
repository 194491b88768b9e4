package io.millrace.dataplane.forward;

import io.millrace.checksum.transmit.ChecksumHelp;
import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.fragment.Ipv4Fragmenter;
import io.millrace.dataplane.fragment.Ipv6Fragmenter;
import io.millrace.dataplane.fragment.OriginalPieces;
import io.millrace.dataplane.fragment.PieceSink;
import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.iface.Interfaces;
import io.millrace.dataplane.neighbour.NeighbourTable;
import io.millrace.dataplane.neighbour.NextHopNeighbours;
import io.millrace.dataplane.output.Output;
import io.millrace.dataplane.output.Transmitter;
import io.millrace.dataplane.route.NextHops;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.dataplane.route.RouteType;
import io.millrace.gso.Segmentation;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// The last steps of every packet that leaves: its neighbour, its Ethernet header, its port.
public final class LinkOutput implements Output {

    private static final int MAC_BYTES = 6;
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
    private final int[] segments = new int[SEGMENTS_MAX];
    private int pieceHop;      // where the pieces of the packet at hand go
    private int pieceTarget;
    private long pieceTargetHigh;
    private long pieceTargetLow;
    private long pieceNowNs;

    public LinkOutput(PacketPool pool, Ledger ledger, Interfaces interfaces, RouteTable routes,
                      NeighbourTable neighbours, NextHopNeighbours nextHopNeighbours, Transmitter transmitter) {
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
        this.pieces = this::sendPiece;
        this.pieces6 = this::sendPiece6;
        this.mtu = new MtuCheck(pool.packets());
        this.checksums = new ChecksumHelp(pool.packets());
        this.segmentation = new Segmentation(pool, 0);   // IPv4 alone is cut here, which needs no ids
    }

    @Override
    public void route(int packet, long nowNs) {
        if (meta.fragmentBytesMax(packet) != 0) originals.forget(packet);   // the answer to one that came in pieces
        long at = meta.frameAt(packet) + meta.l3(packet);
        if (Wire.u8(memory, at) >>> 4 == 4) {
            int target = ipv4.at(at).target();
            int hop = routes.lookup4(target);
            if (!isWayOut(packet, hop)) return;
            toHop4(packet, hop, target, nowNs);
            return;
        }
        ipv6.at(at);
        long high = ipv6.targetHigh();
        long low = ipv6.targetLow();
        int hop = Ipv6Scope.isLinkLocal(high) ? routes.linkLocal(meta.ingress(packet)) : routes.lookup6(high, low);
        if (!isWayOut(packet, hop)) return;
        if (Ipv6View.HEADER_BYTES + ipv6.payloadBytes() > interfaces.get(hops.egress(hop)).mtuBytes()) {
            ledger.drop(packet, Verdict.PACKET_TOO_BIG);
            return;
        }
        toHop6(packet, hop, high, low, nowNs);
    }

    /// False if a packet of this host's own cannot go there; it is then gone.
    private boolean isWayOut(int packet, int hop) {
        if (hop != NextHops.NONE && hops.type(hop) == RouteType.UNICAST) return true;
        ledger.drop(packet, Verdict.NO_ROUTE);
        return false;
    }

    /// Sends an IPv4 packet by this next hop, in pieces if it is longer than the link carries or came in pieces. Whether
    /// it may be cut was decided before.
    void toHop4(int packet, int hop, int target, long nowNs) {
        Interface egress = interfaces.get(hops.egress(hop));
        int totalBytes = meta.packetBytes(packet) - meta.l3(packet);
        if (meta.fragmentBytesMax(packet) == 0 && mtu.fits(packet, totalBytes, egress.mtuBytes())) {
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
    void toHop6(int packet, int hop, long targetHigh, long targetLow, long nowNs) {
        if (meta.fragmentBytesMax(packet) == 0) {
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

    private void transmit(int packet, int interfaceIndex, long nowNs) {
        meta.egress(packet, interfaceIndex);
        transmitter.add(packet, interfaces.get(interfaceIndex).portIndex(), nowNs);
    }

    /// Link address of an IPv6 neighbour if it is known, else 0.
    long macOf6(int interfaceIndex, long high, long low) {
        int neighbour = neighbours.find6(interfaceIndex, high, low);
        return neighbour == NeighbourTable.NONE ? 0 : neighbours.mac(neighbour);
    }
}
