package io.millrace.dataplane.offload;

import io.millrace.flow.table.Attachments;
import io.millrace.flow.table.FlowTable;
import io.millrace.flow.track.ConnectionEvents;
import io.millrace.flow.track.ConnectionTable;
import io.millrace.flow.track.machine.TrackSettings;
import io.millrace.flow.track.machine.TrackSysctl;
import io.millrace.nic.driver.none.NullPort;
import io.millrace.nic.port.Port;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.port.PortCounters;
import io.millrace.nic.sim.PortSettings;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.eswitch.EswitchMode;
import io.millrace.nic.sim.eswitch.ModeChange;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.device.ParseImage;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// A device whose wire always has another whole burst: flows come and go in small shares of each turn, and they do.
class BusyDeviceTest {

    private static final int FLOWS = 1_024;
    /// What a turn takes in which a burst is forwarded.
    private static final long TURN_NS = 25_000;
    private static final int COMMANDS_MAX = 8;

    private final Arena arena = Arena.ofAuto();
    private final PacketMemory packets = new PacketMemory(arena, 4_096);
    private final PacketPool pool = new PacketPool(arena, packets);
    private final SimNic nic = new SimNic("nic0", NicModel.FULL, ParseImage.of(ShippedGraph.DEFAULT.load()), arena,
        pool, NicFaults.NONE, 1);
    private final FullWire wire = new FullWire(packets);
    private final Burst received = new Burst();
    private Port lan;
    private OffloadControl control;
    private WorkerFlows worker;
    private long nowNs = 1_000_000_000L;

    /// Gives a whole burst whenever it is asked.
    private static final class FullWire implements Port {

        private final PacketMeta meta;
        private final PortCounters counters = new PortCounters();
        private boolean isQuiet;

        FullWire(PacketMemory packets) {
            this.meta = new PacketMeta(packets);
        }

        @Override
        public int receive(int queue, Burst burst, PacketPool pool, long nowNs) {
            int count = isQuiet ? 0 : burst.room();
            for (int i = 0; i < count; i++) {
                int packet = pool.allocate();
                meta.begin(packet, 60, 0, queue, nowNs);
                burst.add(packet);
            }
            return count;
        }

        @Override
        public int transmit(int queue, Burst burst, PacketPool pool, long nowNs) {
            throw new AssertionError("nothing is sent");
        }

        @Override public String name()           { return "lan"; }
        @Override public int index()             { return 0; }
        @Override public PortCounters counters() { return counters; }
        @Override public boolean isExhausted()   { return false; }
        @Override public void close()            {}

        @Override
        public PortCapabilities capabilities() {
            return new PortCapabilities(1, 1, 65_535, PortCapabilities.LINK_TYPE_ETHERNET, false);
        }
    }

    private void begin() {
        nic.inline(true);
        PortSettings settings = PortSettings.usual(NicModel.FULL, 1);
        lan = nic.attach(wire, settings);
        control = new OffloadControl(arena, List.of(lan, nic.attach(new NullPort(packets, "wan", 1), settings)));
        var flows = new FlowTable(arena, FLOWS, 64, 1);
        var attachments = new Attachments(2);
        attachments.plain(0, 1);
        attachments.plain(1, 2);
        var table = new ConnectionTable(arena, new TrackSettings().set(TrackSysctl.MAX, 16)
            .set(TrackSysctl.BUCKETS, 16), 1, ConnectionEvents.NONE);
        worker = control.worker(flows, attachments, table.connections());
        for (int i = 0; i < FLOWS; i++) worker.added(HeavyFlowsTest.add(flows, i, nowNs));
    }

    private void turn() {
        nowNs += TURN_NS;
        nic.turn(nowNs);
        lan.receive(0, received, pool, nowNs);
        for (int i = 0; i < received.count(); i++) pool.release(received.packet(i));
        received.clear();
        worker.turn(0);
        control.turn(nowNs);
    }

    @Test
    void takesFlowsAndLetsThemGoWithinAChangeOfModeThoughPacketsAlwaysWait() {
        begin();
        int turns = 0;
        for (int before = 0; control.inHardwareCount() < FLOWS; turns++) {
            turn();
            assertThat(control.inHardwareCount() - before).as("of a turn").isLessThanOrEqualTo(COMMANDS_MAX);
            before = control.inHardwareCount();
            assertThat(turns).as("turns, %d flows in hardware", before).isLessThan(20_000);
        }
        assertThat(nic.isBehind()).isTrue();
        ModeChange change = nic.changeMode(EswitchMode.LEGACY);
        while (!change.turn(nowNs)) turn();
        assertThat(change.ending()).isEqualTo(ModeChange.Ending.DONE);
        assertThat(change.record().hasDropped()).as("dropped with the table").isFalse();
        assertThat(change.record().drainNs()).isGreaterThan(2L * FLOWS / COMMANDS_MAX * TURN_NS)
            .isLessThan(ModeChange.DRAIN_NS);
        for (DeviceFault fault : DeviceFault.values()) assertThat(control.faults(nic, fault)).as("%s", fault).isZero();
    }

    @Test
    void isQuickWhenNoPacketWaits() {
        wire.isQuiet = true;
        begin();
        while (control.inHardwareCount() < FLOWS) turn();
        ModeChange change = nic.changeMode(EswitchMode.LEGACY);
        while (!change.turn(nowNs)) turn();
        assertThat(nic.isBehind()).isFalse();
        assertThat(change.record().drainNs()).isLessThan(2L * FLOWS / COMMANDS_MAX * TURN_NS / 2);
    }
}
