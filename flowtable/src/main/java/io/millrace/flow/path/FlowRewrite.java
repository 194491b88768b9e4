package io.millrace.flow.path;

import io.millrace.checksum.IncrementalUpdate;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.checksum.state.TransportRewrite;
import io.millrace.flow.table.FlowLine;
import io.millrace.flow.table.FlowLinks;
import io.millrace.flow.table.FlowTable;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.TcpFlags;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;
import io.millrace.packet.parse.ParseRecords;

import java.lang.foreign.MemorySegment;

/// Everything that a hit can be, a step at a time and in Linux's order: what [FlowPath] hands over because it is rare.
/// FIN, RST and SYN, super-packets, checksums still to be filled in, tags and PPPoE on either side, neighbours that are
/// not resolved, routes that are gone.
final class FlowRewrite {

    /// The packet was not touched; [#miss] says why.
    static final int MISSED = -1;
    /// The packet is rewritten and waits for its neighbour.
    static final int UNRESOLVED = -2;

    private static final int IPV4_BYTES = 20;
    private static final int IPV6_BYTES = 40;
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_CHECKSUM = 6;

    private final PacketMemory packets;
    private final PacketMeta meta;
    private final MemorySegment memory;
    private final MemorySegment table;
    private final ParseRecords records;
    private final FlowTable flows;
    private final FlowLinks links;
    private final FlowTeardown teardown;
    private final ChecksumRecord checksums;
    private final TransportRewrite transport;
    private FlowMiss miss = FlowMiss.UNKNOWN;

    FlowRewrite(PacketMemory packets, ParseRecords records, FlowTable flows, FlowLife life) {
        this.packets = packets;
        this.meta = new PacketMeta(packets);
        this.memory = packets.segment();
        this.table = flows.segment();
        this.records = records;
        this.flows = flows;
        this.links = flows.links();
        this.teardown = new FlowTeardown(flows, life);
        this.checksums = new ChecksumRecord(packets);
        this.transport = new TransportRewrite(packets);
    }

    FlowMiss miss() { return miss; }

    /// Rewrites a packet that is addressed to `mac` and whose direction lies at `lineAt`. The port that it leaves by,
    /// `UNRESOLVED` or `MISSED`.
    int rewrite(int packet, int place, long lineAt, long mac, long nowNs) {
        if (!PacketMeta.isWholeEthernet(memory, packets.slotAt(packet))) return missed(FlowMiss.NOT_ETHERNET);
        if (Wire.u48(memory, meta.frameAt(packet)) != mac) return missed(FlowMiss.OTHER_HOST);
        int record = ParseRecords.recordAt(place, 0);
        int l3 = records.l3(record);
        long at = meta.frameAt(packet) + l3;
        boolean isIpv4 = records.family(record) == 4;
        int totalBytes = isIpv4 ? Wire.u16(memory, at + 2) : IPV6_BYTES + Wire.u16(memory, at + 4);
        int slot = (int) ((lineAt - flows.linesAt()) / FlowLine.FLOW_BYTES);
        long way = FlowLine.way(table, lineAt);
        int link = FlowLine.linkOf(way);
        miss = obstacle(packet, record, at, isIpv4, totalBytes, slot, way, link);
        if (miss == null) miss = ending(record, slot, link, nowNs);
        if (miss != null) return MISSED;
        count(lineAt, totalBytes, nowNs);
        if (isIpv4) {
            rewrite4(packet, record, at, lineAt, way);
        } else {
            rewrite6(packet, record, at, lineAt, way);
        }
        checksums.forward(packet);
        return leave(packet, l3, totalBytes, link);
    }

    private int missed(FlowMiss why) {
        miss = why;
        return MISSED;
    }

    /// What keeps the packet from the fast path without changing anything; null if nothing does.
    private FlowMiss obstacle(int packet, int record, long at, boolean isIpv4, int totalBytes, int slot, long way,
                              int link) {
        int ttl = Wire.u8(memory, at + (isIpv4 ? 8 : 7));
        if (ttl <= 1) return FlowMiss.TTL;
        boolean isChain = meta.slotBytes(packet) != meta.packetBytes(packet);
        if (isChain && meta.packetBytes(packet) != records.l3(record) + totalBytes) return FlowMiss.LENGTH;
        if ((flows.state(slot) & FlowLine.TEARDOWN) != 0) return FlowMiss.FLOW_ENDED;
        if (!fits(packet, record, totalBytes, FlowLine.mtuOf(way))) return FlowMiss.OVER_MTU;
        int ipAt = meta.dataAt(packet) + records.l3(record);
        if (ipAt - FlowLinks.headerBytes(links.word(link)) < PacketMemory.META_BYTES) return FlowMiss.NO_HEADROOM;
        return null;
    }

    /// A super-packet fits if each of its segments does.
    private boolean fits(int packet, int record, int totalBytes, int mtuBytes) {
        if (totalBytes <= mtuBytes) return true;
        int segmentBytes = meta.gsoSize(packet);
        return segmentBytes != 0 && records.payload(record) - records.l3(record) + segmentBytes <= mtuBytes;
    }

    /// What ends the flow or begins its end; not null if the packet goes on to the slow path for it.
    private FlowMiss ending(int record, int slot, int link, long nowNs) {
        if (records.proto(record) == IpProtocol.TCP) {
            int flags = records.tcpFlags(record);
            boolean isClosing = (flows.state(slot) & FlowLine.CLOSING) != 0;
            if (isClosing && (flags & TcpFlags.SYN) != 0) {
                teardown.tearDown(slot, nowNs);
                return FlowMiss.REOPENED;
            }
            if (!isClosing && (flags & (TcpFlags.FIN | TcpFlags.RST)) != 0) flows.mark(slot, FlowLine.CLOSING);
        }
        boolean isNeighbour = (FlowLinks.flags(links.word(link)) & FlowLinks.DIRECT) == 0;
        if (isNeighbour && links.generation(link) != links.routeGeneration()) {
            teardown.tearDown(slot, nowNs);
            return FlowMiss.ROUTE_CHANGED;
        }
        return null;
    }

    private void count(long lineAt, int totalBytes, long nowNs) {
        Wire.hostI64(table, lineAt + FlowLine.PACKETS, FlowLine.packets(table, lineAt) + 1);
        Wire.hostI64(table, lineAt + FlowLine.BYTES, FlowLine.bytes(table, lineAt) + totalBytes);
        Wire.hostI64(table, lineAt + FlowLine.LAST_USED, nowNs);
    }

    private void rewrite4(int packet, int record, long at, long lineAt, long way) {
        int ttlWord = Wire.i32(memory, at + 8);
        long portsAndDeltas = Wire.hostI64(table, lineAt + FlowLine.NEW_PORTS_AND_DELTAS);
        Wire.i32(memory, at + 8, (ttlWord & 0xffff_0000) - 0x0100_0000
            | IncrementalUpdate.apply(ttlWord & 0xffff, FlowLine.headerDeltaOf(portsAndDeltas)));
        if ((FlowLine.stateOf(way) & FlowLine.NAT) == 0) return;
        long before = Wire.i64(memory, at + 12);
        long after = Wire.hostI64(table, lineAt + FlowLine.NEW_ADDRESSES);
        Wire.i64(memory, at + 12, after);
        long delta = before == after ? 0 : IncrementalUpdate.delta32((int) (before >>> 32), (int) (after >>> 32))
            + IncrementalUpdate.delta32((int) before, (int) after);
        if (records.proto(record) == IpProtocol.GRE) return;
        int fieldAt = records.l4(record) + checksumAt(record);
        if (delta != 0) transport.addressIpv4(packet, fieldAt, delta, records.proto(record) == IpProtocol.UDP);
        ports(packet, record, at + IPV4_BYTES, fieldAt, FlowLine.newPortsOf(portsAndDeltas));
    }

    private void rewrite6(int packet, int record, long at, long lineAt, long way) {
        Wire.u8(memory, at + 7, Wire.u8(memory, at + 7) - 1);
        if ((FlowLine.stateOf(way) & FlowLine.NAT) == 0) return;
        long delta = replace6(at + 8, lineAt + FlowLine.NEW_ADDRESSES, lineAt + FlowLine.NEW_SOURCE_LOW)
            + replace6(at + 24, lineAt + FlowLine.NEW_TARGET_HIGH, lineAt + FlowLine.NEW_TARGET_LOW);
        if (records.proto(record) == IpProtocol.GRE) return;
        int fieldAt = records.l4(record) + checksumAt(record);
        if (delta != 0) transport.addressIpv6(packet, fieldAt, delta, records.proto(record) == IpProtocol.UDP);
        ports(packet, record, at + IPV6_BYTES, fieldAt,
            FlowLine.newPortsOf(Wire.hostI64(table, lineAt + FlowLine.NEW_PORTS_AND_DELTAS)));
    }

    private long replace6(long at, long highAt, long lowAt) {
        long oldHigh = Wire.i64(memory, at);
        long oldLow = Wire.i64(memory, at + 8);
        long high = Wire.hostI64(table, highAt);
        long low = Wire.hostI64(table, lowAt);
        Wire.i64(memory, at, high);
        Wire.i64(memory, at + 8, low);
        return oldHigh == high && oldLow == low ? 0 : IncrementalUpdate.delta128(oldHigh, oldLow, high, low);
    }

    private void ports(int packet, int record, long l4At, int fieldAt, int newPorts) {
        int oldPorts = Wire.i32(memory, l4At);
        if (oldPorts == newPorts) return;
        Wire.i32(memory, l4At, newPorts);
        transport.port(packet, fieldAt, IncrementalUpdate.delta32(oldPorts, newPorts),
            records.proto(record) == IpProtocol.UDP);
    }

    private int checksumAt(int record) {
        return records.proto(record) == IpProtocol.TCP ? TCP_CHECKSUM : UDP_CHECKSUM;
    }

    /// Takes the link header off and puts the new one on, if the neighbour is known.
    private int leave(int packet, int l3, int totalBytes, int link) {
        long word = links.word(link);
        meta.egress(packet, FlowLinks.interfaceIndex(word));
        boolean isResolved = (FlowLinks.flags(word) & FlowLinks.RESOLVED) != 0;
        int headerBytes = isResolved ? FlowLinks.headerBytes(word) : 0;
        meta.moveFront(packet, headerBytes - l3);
        if (!meta.isChain(packet)) {   // padding behind the IP packet goes
            meta.slotBytes(packet, headerBytes + totalBytes);
            meta.packetBytes(packet, headerBytes + totalBytes);
        }
        if (!isResolved) {
            meta.nextHop(packet, link);
            return UNRESOLVED;
        }
        long frameAt = meta.frameAt(packet);
        Wire.copy(table, links.at(link) + FlowLinks.HEADER_END - headerBytes, memory, frameAt, headerBytes);
        if ((FlowLinks.flags(word) & FlowLinks.PPPOE) != 0) {
            Wire.u16(memory, frameAt + headerBytes - 4, totalBytes + Short.BYTES);   // the PPP protocol counts
        }
        return FlowLinks.port(word);
    }
}
