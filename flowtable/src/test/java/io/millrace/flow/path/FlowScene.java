package io.millrace.flow.path;

import io.millrace.flow.table.Attachments;
import io.millrace.flow.table.DirectionSpec;
import io.millrace.flow.table.FlowTable;
import io.millrace.packet.address.Addresses;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.parse.CompiledParser;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.host.HostCompiler;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// Two ports, `lan` (0) and `wan` (1), with a flow path between and nothing else; frames go in and come out as bytes.
final class FlowScene implements FlowLife {

    static final int LAN = 0;
    static final int WAN = 1;
    static final String LAN_MAC = "02:00:00:00:00:01";
    static final String WAN_MAC = "02:00:00:00:00:02";
    static final String HOST_MAC = "02:00:00:00:01:01";      // on the lan
    static final String GATEWAY_MAC = "02:00:00:00:02:02";   // on the wan
    static final int MTU_BYTES = 1500;
    static final int CONNECTION = 77;
    private static final int PACKETS = 128;
    private static final long SEED = 42;

    final PacketMemory packets;
    final PacketMeta meta;
    final FlowTable flows;
    final Attachments attachments = new Attachments(2);
    final ParseRecords records = new ParseRecords(4);
    final FlowPath path;
    final DirectionSpec original = new DirectionSpec();
    final DirectionSpec reply = new DirectionSpec();
    final List<String> ended = new ArrayList<>();
    final Burst burst = new Burst();
    private final CompiledParser parser;
    long nowNs = 1_000_000_000L;

    FlowScene(Arena arena) {
        packets = new PacketMemory(arena, PACKETS);
        meta = new PacketMeta(packets);
        flows = new FlowTable(arena, 1024, 64, SEED);
        attachments.plain(LAN, Addresses.parseMac(LAN_MAC));
        attachments.plain(WAN, Addresses.parseMac(WAN_MAC));
        parser = new HostCompiler(ShippedGraph.DEFAULT.load(), packets).newParser(records);
        path = new FlowPath(packets, records, flows, attachments, this);
    }

    @Override
    public void onAlive(int connection, long nowNs) {}

    @Override
    public void onTornDown(int connection, boolean isClosing, boolean isExpired, FlowTally tally, long nowNs) {
        ended.add(connection + (isClosing ? " closing" : "") + (isExpired ? " expired" : "") + " "
            + tally.originalPackets() + "/" + tally.originalBytes() + " " + tally.replyPackets() + "/"
            + tally.replyBytes());
    }

    /// Describes a flow from a host on the lan to one beyond the wan's gateway, and what becomes of it there; the specs
    /// can be changed before [#add()].
    FlowScene between(int protocol, String source, int sourcePort, String target, int targetPort, String newSource,
                      int newSourcePort, String newTarget, int newTargetPort) {
        IpAddress from = IpAddress.parse(source);
        IpAddress to = IpAddress.parse(target);
        IpAddress newFrom = IpAddress.parse(newSource);
        IpAddress newTo = IpAddress.parse(newTarget);
        int family = from.isIpv4() ? 4 : 6;
        original.of(family, protocol, LAN).mtu(MTU_BYTES);
        original.source(high(from), low(from), sourcePort).target(high(to), low(to), targetPort);
        original.newSource(high(newFrom), low(newFrom), newSourcePort);
        original.newTarget(high(newTo), low(newTo), newTargetPort);
        reply.of(family, protocol, WAN).mtu(MTU_BYTES);
        reply.source(high(newTo), low(newTo), newTargetPort).target(high(newFrom), low(newFrom), newSourcePort);
        reply.newSource(high(to), low(to), targetPort).newTarget(high(from), low(from), sourcePort);
        original.link().through(WAN, WAN, family, Addresses.parseMac(WAN_MAC)).toNeighbour(0, 9, 0)
            .resolved(Addresses.parseMac(GATEWAY_MAC));
        reply.link().through(LAN, LAN, family, Addresses.parseMac(LAN_MAC)).toNeighbour(0, 5, 0)
            .resolved(Addresses.parseMac(HOST_MAC));
        return this;
    }

    FlowScene between(int protocol, String source, int sourcePort, String target, int targetPort) {
        return between(protocol, source, sourcePort, target, targetPort, source, sourcePort, target, targetPort);
    }

    int add() {
        return flows.add(original, reply, CONNECTION, true, nowNs);
    }

    /// Receives a frame; returns what the fast path sends, or null where the packet stays.
    byte[] send(int port, byte[] frame) {
        begin();
        receive(0, port, frame);
        process();
        if (path.forwarded().count() == 0) return null;
        return bytes(path.forwarded().packet(0));
    }

    void begin() {
        burst.clear();
        path.forwarded().clear();
        path.unresolved().clear();
    }

    /// Puts a frame into a slot and the slot into the burst.
    void receive(int packet, int port, byte[] frame) {
        meta.begin(packet, frame.length, port, 0, nowNs);
        MemorySegment.copy(frame, 0, packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(packet), frame.length);
        burst.add(packet);
    }

    void process() {
        burst.port(Burst.MIXED);
        parser.parse(burst);
        path.process(burst, nowNs);
    }

    void processUnparsed() {
        burst.port(Burst.MIXED);
        path.process(burst, parser, nowNs);
    }

    void parse() {
        burst.port(Burst.MIXED);
        parser.parse(burst);
    }

    FlowMiss miss() {
        return path.missOf(0);
    }

    byte[] bytes(int packet) {
        return packets.segment().asSlice(meta.frameAt(packet), meta.packetBytes(packet))
            .toArray(ValueLayout.JAVA_BYTE);
    }

    static long high(IpAddress address) {
        return address.isIpv4() ? 0 : address.high();
    }

    static long low(IpAddress address) {
        return address.isIpv4() ? address.ipv4() & 0xffff_ffffL : address.low();
    }
}
