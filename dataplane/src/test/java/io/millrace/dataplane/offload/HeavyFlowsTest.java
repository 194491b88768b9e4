package io.millrace.dataplane.offload;

import io.millrace.flow.table.Attachments;
import io.millrace.flow.table.DirectionSpec;
import io.millrace.flow.table.FlowLine;
import io.millrace.flow.table.FlowTable;
import io.millrace.flow.track.ConnectionTable;
import io.millrace.flow.track.ConnectionEvents;
import io.millrace.flow.track.machine.TrackSettings;
import io.millrace.flow.track.machine.TrackSysctl;
import io.millrace.nic.driver.gen.random.SeededRandom;
import io.millrace.nic.driver.gen.random.WeightedChoice;
import io.millrace.nic.driver.none.NullPort;
import io.millrace.nic.sim.PortSettings;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.device.ParseImage;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// More flows than the NIC has entries for: it is to have those that carry the most packets. Packets are counted
/// straight into the worker's table, as hits and hardware's counts are; commands, completions and the choice are real.
class HeavyFlowsTest {

    private static final int FLOWS = 100_000;
    private static final int ENTRIES = 4_096;
    private static final int PACKETS = 6_000_000;
    private static final int PACKETS_PER_TURN = 20;
    private static final long TURN_NS = 20_000;   // a million packets a second

    private final Arena arena = Arena.ofAuto();

    @Test
    void heavyFlowsOfZipfTrafficAreInHardware() {
        long seed = Seeds.next();
        var flows = new FlowTable(arena, FLOWS, 64, seed);
        var attachments = new Attachments(2);
        attachments.plain(0, 1);
        attachments.plain(1, 2);
        var packets = new PacketMemory(arena, 1024);
        var pool = new PacketPool(arena, packets);
        NicModel model = NicModel.FULL.with(NicModel.FULL.limits().withFlowEntries(ENTRIES));
        var nic = new SimNic("nic0", model, ParseImage.of(ShippedGraph.DEFAULT.load()), arena, pool, NicFaults.NONE, 1);
        nic.inline(true);
        PortSettings settings = PortSettings.usual(model, 1);
        var control = new OffloadControl(arena, List.of(nic.attach(new NullPort(packets, "lan", 0), settings),
            nic.attach(new NullPort(packets, "wan", 1), settings)));
        var table = new ConnectionTable(arena, new TrackSettings().set(TrackSysctl.MAX, 16)
            .set(TrackSysctl.BUCKETS, 16), seed, ConnectionEvents.NONE);
        WorkerFlows worker = control.worker(flows, attachments, table.connections());

        var random = new SeededRandom(seed);
        var choice = WeightedChoice.zipf(FLOWS, 1.1);
        int[] slots = new int[FLOWS];
        Arrays.fill(slots, FlowTable.NONE);
        int[] counts = new int[FLOWS];
        long hits = 0;
        long nowNs = 1_000_000_000L;
        for (int sent = 0; sent < PACKETS; ) {
            for (int i = 0; i < PACKETS_PER_TURN; i++, sent++) {
                int flow = choice.draw(random);
                counts[flow]++;
                if (slots[flow] == FlowTable.NONE) {
                    slots[flow] = add(flows, flow, nowNs);
                    worker.added(slots[flow]);
                }
                FlowLine.count(flows.segment(), flows.lineAt(2 * slots[flow]), 1, 64, nowNs);
                if (control.isInHardware(slots[flow])) hits++;
            }
            nowNs += TURN_NS;
            worker.turn(0);
            nic.flowMailbox().turn(nowNs, 64);
            control.turn(nowNs);
        }
        long best = best(counts);
        double share = (double) hits / best;
        assertThat(share).as("hits of the best possible %d, seed %d", best, seed).isBetween(0.9, 1.0);
        long rounds = PACKETS / PACKETS_PER_TURN * TURN_NS / 100_000_000L;
        assertThat(control.tally().removals(RemovalCause.LIGHTER)).as("churn").isPositive()
            .isLessThanOrEqualTo(rounds * FlowRounds.CHURN_MAX);
    }

    static int add(FlowTable flows, int flow, long nowNs) {
        var original = new DirectionSpec();
        var reply = new DirectionSpec();
        original.of(4, 17, 0).source(0, 0x0a00_0000L + flow, 1000).target(0, 0x0b00_0001L, 53).mtu(1500);
        original.link().through(1, 1, 4, 2).direct(0xfe);
        reply.of(4, 17, 1).source(0, 0x0b00_0001L, 53).target(0, 0x0a00_0000L + flow, 1000).mtu(1500);
        reply.link().through(0, 0, 4, 1).direct(0xaa);
        int slot = flows.add(original, reply, 0, true, nowNs);
        flows.mark(slot, FlowLine.WANTED);
        return slot;
    }

    /// Packets of the heaviest connections that there is room for, known afterwards.
    private static long best(int[] counts) {
        int[] sorted = counts.clone();
        Arrays.sort(sorted);
        long best = 0;
        for (int i = 1; i <= ENTRIES / 2; i++) best += sorted[sorted.length - i];
        return best;
    }
}
