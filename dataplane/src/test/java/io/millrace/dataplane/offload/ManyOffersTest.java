package io.millrace.dataplane.offload;

import io.millrace.flow.table.Attachments;
import io.millrace.flow.table.FlowTable;
import io.millrace.flow.track.ConnectionEvents;
import io.millrace.flow.track.ConnectionTable;
import io.millrace.flow.track.machine.TrackSettings;
import io.millrace.flow.track.machine.TrackSysctl;
import io.millrace.nic.driver.none.NullPort;
import io.millrace.nic.sim.PortSettings;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.device.ParseImage;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// More flows at once than control asks the worker about at a time: the others wait, and say so.
class ManyOffersTest {

    private static final int FLOWS = 200;
    private static final int AT_ONCE = 128;

    @Test
    void theOthersAreNamedAndComeInTheNextRound() {
        Arena arena = Arena.ofAuto();
        var flows = new FlowTable(arena, FLOWS, 64, 1);
        var attachments = new Attachments(2);
        attachments.plain(0, 1);
        attachments.plain(1, 2);
        var packets = new PacketMemory(arena, 1024);
        var nic = new SimNic("nic0", NicModel.FULL, ParseImage.of(ShippedGraph.DEFAULT.load()), arena,
            new PacketPool(arena, packets), NicFaults.NONE, 1);
        nic.inline(true);
        PortSettings settings = PortSettings.usual(NicModel.FULL, 1);
        var control = new OffloadControl(arena, List.of(nic.attach(new NullPort(packets, "lan", 0), settings),
            nic.attach(new NullPort(packets, "wan", 1), settings)));
        var table = new ConnectionTable(arena, new TrackSettings().set(TrackSysctl.MAX, 16)
            .set(TrackSysctl.BUCKETS, 16), 1, ConnectionEvents.NONE);
        WorkerFlows worker = control.worker(flows, attachments, table.connections());
        long nowNs = 1_000_000_000L;
        control.turn(nowNs);   // a round that sees nothing yet: the next begins in a tenth of a second
        for (int i = 0; i < FLOWS; i++) worker.added(HeavyFlowsTest.add(flows, i, nowNs));
        for (int i = 1; i <= 4; i++) control.turn(nowNs + i);   // the worker answers nothing yet
        int[] counts = new int[2];
        for (int slot = 0; slot < FLOWS; slot++) {
            List<HardwareObstacle> why = HardwareObstacle.of(control.obstacles(slot));
            assertThat(why).hasSize(1).containsAnyOf(HardwareObstacle.UNDER_WAY, HardwareObstacle.QUEUE_FULL);
            counts[why.getFirst() == HardwareObstacle.UNDER_WAY ? 0 : 1]++;
        }
        assertThat(counts).containsExactly(AT_ONCE, FLOWS - AT_ONCE);
        for (int i = 0; i < 2_000; i++) {
            nowNs += 100_000;
            nic.turn(nowNs);
            worker.turn(0);
            control.turn(nowNs);
        }
        assertThat(control.inHardwareCount()).isEqualTo(FLOWS);
        for (int slot = 0; slot < FLOWS; slot++) assertThat(control.obstacles(slot)).isZero();
    }
}
