package io.millrace.perf.bench;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.config.OffloadConfig;
import io.millrace.dataplane.stage.PortOutputs;
import io.millrace.dataplane.stage.Stage;
import io.millrace.dataplane.worker.Clock;
import io.millrace.dataplane.worker.Timers;
import io.millrace.dataplane.worker.Worker;
import io.millrace.flow.path.FlowLife;
import io.millrace.flow.path.FlowPath;
import io.millrace.flow.path.FlowTally;
import io.millrace.flow.table.Attachments;
import io.millrace.flow.table.FlowTable;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.driver.none.NullPort;
import io.millrace.nic.driver.replay.ReplayPort;
import io.millrace.nic.port.Port;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.parse.CompiledParser;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.host.HostCompiler;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/// One worker between a port that replays a capture from memory and one that takes what is sent, with nothing between
/// but parser and flow table; every connection of the capture is established in it beforehand.
final class FlowWorld {

    private static final int LAN = 0;
    private static final int WAN = 1;
    private static final int PACKET_SLOTS = 4096;
    private static final int ENCAPS_MAX = 4;
    private static final int LINKS_MAX = 64;
    private static final long SEED = 1;

    private final Worker worker;
    private final FlowPath path;
    private final FlowTable flows;

    FlowWorld(Path capture, int flowsMax, boolean isNat) throws CaptureException {
        Arena arena = Arena.global();
        var packets = new PacketMemory(arena, PACKET_SLOTS);
        var pool = new PacketPool(arena, packets);
        Port[] ports = {new ReplayPort(packets, "lan", LAN, capture, ReplayPort.ENDLESS),
            new NullPort(packets, "wan", WAN)};
        var ledger = new Ledger(pool);
        var offloads = java.util.Collections.nCopies(ports.length, OffloadConfig.USUAL);
        var outputs = new PortOutputs(ports, offloads, 0, pool, ledger, 1);
        var records = new ParseRecords(ENCAPS_MAX);
        CompiledParser parser = new HostCompiler(ShippedGraph.DEFAULT.load(), packets).newParser(records);
        this.flows = new FlowTable(arena, flowsMax, LINKS_MAX, SEED);
        var attachments = new Attachments(ports.length);
        attachments.plain(LAN, BenchWorld.LAN_MAC);
        var established = new EstablishedFlows(flows, LAN, WAN, isNat);
        this.path = new FlowPath(packets, records, flows, attachments, reviving(flows));
        established.addAll(capture, packets, pool, parser);
        Stage[] stages = {new FlowStage(path, parser, outputs, ledger)};
        this.worker = new Worker("worker 0", ports, stages, outputs, Timers.NONE, ledger, pool, Clock.system());
    }

    /// A capture replayed again and again opens a connection anew that it closed before: the flow goes on.
    private static FlowLife reviving(FlowTable flows) {
        return new FlowLife() {
            @Override
            public void onAlive(int connection, long nowNs) {}

            @Override
            public void onTornDown(int connection, boolean isClosing, boolean isExpired, FlowTally tally, long nowNs) {
                flows.revive(connection);   // it was added under the number of its slot
            }
        };
    }

    int turn() {
        return worker.doWork();
    }

    int flowCount() {
        return flows.flowCount();
    }

    /// Share of the packets received that the fast path sent, of all so far.
    double shareSent() {
        return (double) worker.ledger().count(Verdict.SENT) / worker.ledger().received();
    }

    /// What the fast path sends, and drops of the rest: here is no slow path.
    private record FlowStage(FlowPath path, CompiledParser parser, PortOutputs outputs, Ledger ledger)
        implements Stage {

        @Override
        public void process(Burst burst, long nowNs) {
            path.process(burst, parser, nowNs);
            Burst forwarded = path.forwarded();
            if (forwarded.count() > 0) outputs.addAll(forwarded, forwarded.port(), nowNs);
            if (burst.count() > 0) ledger.dropAll(burst, Verdict.NO_ROUTE);
        }
    }
}
