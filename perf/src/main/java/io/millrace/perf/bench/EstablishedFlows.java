package io.millrace.perf.bench;

import io.millrace.flow.table.DirectionSpec;
import io.millrace.flow.table.FlowTable;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.driver.replay.ReplayPort;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.parse.CompiledParser;
import io.millrace.packet.parse.ParseRecords;

import java.nio.file.Path;

/// Puts every TCP and UDP connection of a capture into a flow table, both directions of it, as the slow path would
/// have:
/// with or without translation of the source, over 16 neighbours beyond the other port.
final class EstablishedFlows {

    private static final int NEIGHBOURS = 16;
    private static final long NEIGHBOUR_MAC = 0x0200_0000_1000L;
    private static final long WAN_MAC = 0x0200_0000_0002L;
    private static final int NAT_ADDRESS = 203 << 24 | 113 << 8 | 1;
    private static final long NAT_NET6 = 0x2001_0db8_0002_0000L;
    private static final int MTU_BYTES = 9000;
    private static final int PORTS = 1 << 16;

    private final FlowTable flows;
    private final int from;
    private final int to;
    private final boolean isNat;
    private final DirectionSpec original = new DirectionSpec();
    private final DirectionSpec reply = new DirectionSpec();

    /// Packets of both directions arrive at port `from` and leave by port `to`.
    EstablishedFlows(FlowTable flows, int from, int to, boolean isNat) {
        this.flows = flows;
        this.from = from;
        this.to = to;
        this.isNat = isNat;
    }

    void addAll(Path capture, PacketMemory packets, PacketPool pool, CompiledParser parser) throws CaptureException {
        var burst = new Burst();
        try (ReplayPort port = new ReplayPort(packets, "establish", from, capture, 1)) {
            while (port.receive(0, burst, pool, 0) > 0) {
                parser.parse(burst);
                for (int place = 0; place < burst.count(); place++) {
                    add(parser.records(), ParseRecords.recordAt(place, 0));
                }
                pool.releaseAll(burst);
            }
        }
    }

    private void add(ParseRecords records, int record) {
        int protocol = records.proto(record);
        int family = records.family(record);
        if (family == 0 || protocol != IpProtocol.TCP && protocol != IpProtocol.UDP) return;
        original.of(family, protocol, from).mtu(MTU_BYTES);
        original.source(records.sourceHigh(record), records.sourceLow(record), records.sourcePort(record));
        original.target(records.targetHigh(record), records.targetLow(record), records.targetPort(record));
        if (flows.find(original) != FlowTable.NONE) return;
        long gateway = records.targetLow(record) % NEIGHBOURS & NEIGHBOURS - 1;
        original.link().through(to, to, family, WAN_MAC).toNeighbour(0, gateway, 0).resolved(NEIGHBOUR_MAC + gateway);
        reply.of(family, protocol, from).mtu(MTU_BYTES);
        reply.link().through(to, to, family, WAN_MAC).toNeighbour(0, gateway, 0).resolved(NEIGHBOUR_MAC + gateway);
        addUnderAFreePort(records, record);
    }

    private void addUnderAFreePort(ParseRecords records, int record) {
        boolean isIpv4 = records.family(record) == 4;
        long high = !isNat ? records.sourceHigh(record) : isIpv4 ? 0 : NAT_NET6;
        long low = !isNat ? records.sourceLow(record) : isIpv4 ? NAT_ADDRESS & 0xffff_ffffL : 1;
        for (int tried = 0; tried < PORTS; tried++) {
            int port = records.sourcePort(record) + tried & PORTS - 1;
            original.newSource(high, low, port);
            reply.source(records.targetHigh(record), records.targetLow(record), records.targetPort(record));
            reply.target(high, low, port);
            reply.newTarget(records.sourceHigh(record), records.sourceLow(record), records.sourcePort(record));
            int slot = flows.add(original, reply, flows.slotsUsed(), true, 0);
            if (slot == FlowTable.FULL) throw new IllegalStateException("the flow table is full");
            if (slot != FlowTable.TAKEN || !isNat) return;
        }
        throw new IllegalStateException("no port is left for another connection to this target");
    }
}
