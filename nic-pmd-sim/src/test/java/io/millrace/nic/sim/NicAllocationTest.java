package io.millrace.nic.sim;

import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.FieldMatch;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.flow.flower.FlowerField;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerFlags;
import io.millrace.flow.flower.KeyRules;
import io.millrace.nic.driver.none.NullPort;
import io.millrace.nic.driver.replay.ReplayPort;
import io.millrace.nic.sim.eswitch.EswitchMode;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.filter.FilterName;
import io.millrace.nic.sim.filter.FilterOwner;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Allocation;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

class NicAllocationTest {

    private static final int TURNS = 3_000;
    private static final int PAYLOAD_BYTES = 200;

    @TempDir
    private Path folder;

    /// From wire to ring, from ring to ring, from ring to wire: by merging and cutting too.
    @ParameterizedTest
    @CsvSource({"classic, false", "bare, false", "full, false", "full, true"})
    void aTurnOfTheDeviceAllocatesNothing(String name, boolean merges) throws IOException {
        NicModel model = switch (name) {
            case "full" -> NicModel.FULL;
            case "classic" -> NicModel.CLASSIC;
            default -> NicModel.BARE;
        };
        var packets = new PacketMemory(Arena.ofAuto(), 4_096);
        var pool = new PacketPool(Arena.ofAuto(), packets);
        var nic = new SimNic("nic0", model, NicFixture.IMAGE, Arena.ofAuto(), pool, NicFaults.NONE, 1);
        nic.inline(true);
        PortSettings settings = PortSettings.usual(model, model.hashes() ? 4 : 1);
        if (merges) settings = settings.with(NicFeature.MERGING);
        try (var wire = new ReplayPort(packets, "lan", 0, capture(), ReplayPort.ENDLESS)) {
            SimPort from = nic.attach(wire, settings);
            SimPort to = nic.attach(new NullPort(packets, "wan", 1), settings);
            var burst = new Burst();
            int queues = from.capabilities().rxQueues();
            assertThat(Allocation.bytesOnceWarm(() -> forward(nic, from, to, queues, burst, pool))).isZero();
            assertThat(to.counters().txPackets()).isPositive();
            assertThat(nic.account().transmitDrops()).isZero();
            assertThat(nic.account().split() > 0).isEqualTo(merges);
        }
    }

    /// What the wire brings goes to the host, to a virtual function, and in copies to both and another.
    @Test
    void switchingByAddressAllocatesNothing() throws IOException {
        var packets = new PacketMemory(Arena.ofAuto(), 4_096);
        var pool = new PacketPool(Arena.ofAuto(), packets);
        var nic = new SimNic("nic0", NicModel.FULL, NicFixture.IMAGE, Arena.ofAuto(), pool, NicFaults.NONE, 1);
        nic.inline(true);
        nic.eswitch().startIn(EswitchMode.LEGACY);
        PortSettings settings = PortSettings.usual(NicModel.FULL, 1);
        try (var wire = new ReplayPort(packets, "lan", 0, stations(), ReplayPort.ENDLESS);
             var vm = new ReplayPort(packets, "vm0", 1, stations(), ReplayPort.ENDLESS)) {
            SimPort uplink = nic.attach(wire, settings);
            nic.plug(0, 0x0200_0000_0100L, vm, settings);
            SimPort other = nic.plug(1, 0x0200_0000_0101L, new NullPort(packets, "vm1", 2), settings);
            nic.join(new long[] {0x0200_0000_0001L});
            var burst = new Burst();
            assertThat(Allocation.bytesOnceWarm(() -> forward(nic, uplink, uplink, 1, burst, pool))).isZero();
            assertThat(nic.account().created()).isPositive();
            assertThat(nic.account().switched()).isPositive();
            assertThat(other.counters().txPackets()).isPositive();
        }
    }

    /// Frames for the host, virtual functions, nobody and everybody, from ever other stations.
    private Path stations() {
        String[] targets = {"02:00:00:00:00:01", "02:00:00:00:01:00", "02:00:00:00:01:01", "02:00:00:00:09:09",
            "ff:ff:ff:ff:ff:ff"};
        byte[][] frames = new byte[500][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = Frame.ethernet("02:00:00:01:%02x:%02x".formatted(i >> 8, i & 0xff), targets[i % targets.length])
                .ipv4("10.0.0.1", "10.1.0.1").udp(1, 2).bytes();
        }
        Path file = folder.resolve("stations.pcap");
        CaptureFile.write(file, frames);
        return file;
    }

    /// By filters: rewritten and let pass, copied, sent on, dropped.
    @Test
    void filteringAllocatesNothing() throws IOException {
        NicModel model = NicModel.FULL;
        var packets = new PacketMemory(Arena.ofAuto(), 4_096);
        var pool = new PacketPool(Arena.ofAuto(), packets);
        var nic = new SimNic("nic0", model, NicFixture.IMAGE, Arena.ofAuto(), pool, NicFaults.NONE, 1);
        nic.inline(true);
        try (var wire = new ReplayPort(packets, "lan", 0, capture(), ReplayPort.ENDLESS)) {
            SimPort from = nic.attach(wire, PortSettings.usual(model, 1));
            SimPort to = nic.attach(new NullPort(packets, "wan", 1), PortSettings.usual(model, 1));
            add(nic, 0, new FlowerAction.Vlan(FlowerAction.VlanChange.PUSH, 0x8100, 7, 0, ActionControl.PIPE));
            add(nic, 1, new FlowerAction.Mirred(false, 1, ActionControl.PIPE));
            add(nic, 2, new FlowerAction.Mirred(true, 1, ActionControl.STOLEN));
            add(nic, 3, new FlowerAction.Gact(ActionControl.DROP));
            var burst = new Burst();
            assertThat(Allocation.bytesOnceWarm(() -> forward(nic, from, to, 1, burst, pool))).isZero();
            assertThat(nic.account().hits()).isPositive();
            assertThat(nic.account().created()).isPositive();
            assertThat(nic.account().receiveDrops(Verdict.FLOWER_DROPPED)).isPositive();
        }
    }

    private static void add(SimNic nic, int source, FlowerAction action) {
        var match = KeyRules.match(0x800, Map.of(FlowerField.SOURCE_ADDRESS,
            FieldMatch.of(0x0a_00_00_00 + source, 0xffff_ffffL)), Optional.empty(), Optional.empty());
        assertThat(nic.filters().add(new FilterName(FilterOwner.TC, 0, source, 1),
            new FlowerFilter(0, 1, 0x800, 1 + source, 0, match, List.of(action), FlowerFlags.NONE), 0, 0))
            .isEqualTo(CommandResult.DONE);
    }

    private static void forward(SimNic nic, SimPort from, SimPort to, int queues, Burst burst, PacketPool pool) {
        for (int turn = 0; turn < TURNS; turn++) {
            nic.turn(turn);
            for (int queue = 0; queue < queues; queue++) {
                burst.clear();
                if (from.receive(queue, burst, pool, turn) > 0) to.transmit(0, burst, pool, turn);
            }
        }
        burst.clear();
    }

    /// Segments of four connections in turn.
    private Path capture() {
        byte[][] frames = new byte[256][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0." + i % 4, "10.1.0.1")
                .dontFragment().tcp(i % 4, 80).sequence(1 + (long) PAYLOAD_BYTES * (i / 4)).ack()
                .payload(new byte[PAYLOAD_BYTES]).bytes();
        }
        Path file = folder.resolve("rx.pcap");
        CaptureFile.write(file, frames);
        return file;
    }
}
