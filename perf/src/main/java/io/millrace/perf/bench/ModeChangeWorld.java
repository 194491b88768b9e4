package io.millrace.perf.bench;

import io.millrace.control.device.BootImage;
import io.millrace.control.device.FilterListener;
import io.millrace.control.device.NicControl;
import io.millrace.control.device.PortFilterOffload;
import io.millrace.control.event.ControlEvent;
import io.millrace.dataplane.hook.PortFilters;
import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.FieldMatch;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.flow.flower.FlowerField;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerFlags;
import io.millrace.flow.flower.KeyRules;
import io.millrace.flow.flower.block.ActionIndexes;
import io.millrace.flow.flower.block.FlowerBlock;
import io.millrace.flow.flower.block.FlowerRequest;
import io.millrace.flow.flower.block.FlowerSoftware;
import io.millrace.flow.flower.engine.FlowerRule;
import io.millrace.nic.program.FirmwareImage;
import io.millrace.nic.sim.eswitch.EswitchMode;
import io.millrace.nic.sim.eswitch.ModeChange;
import io.millrace.nic.sim.model.NicLimits;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.parse.cpr.ShippedGraph;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/// An [OffloadWorld] whose NIC has filters beside its flows, none of which a packet matches, and changes its mode as
/// the control thread has it change. Its time is that of its thread.
final class ModeChangeWorld implements AutoCloseable {

    private static final int FILTERED_PORT = 20_000;
    private static final int TURNS_PER_LOOK = 64;
    private static final long PATIENCE_NS = 20_000_000_000L;

    private final OffloadWorld world;
    private final NicControl control;
    private final FlowerBlock block;
    private final int flows;
    private final int filters;

    ModeChangeWorld(boolean isControlApart, int flows, int filters) {
        this.flows = flows;
        this.filters = filters;
        this.world = new OffloadWorld(4 * flows, NicLimits.LATENCY_NS_USUAL, new ThreadClock());
        if (isControlApart) world.controlApart();
        FirmwareImage image = FirmwareImage.of("bench", ShippedGraph.DEFAULT.load(), BootImage.host());
        this.control = new NicControl(world.nic(), BootImage.host(), image, world::nowNs,
            nowNs -> world.nic().mailbox().turn(nowNs, 1), _ -> false, (_, _) -> { });
        PortFilterOffload offload = control.ports().getFirst().filters();
        this.block = new FlowerBlock(new Direct(), offload, new ActionIndexes());
        control.onFilters(new FilterListener() {

            @Override
            public void leave(int port) {}

            @Override
            public void lost(int port) {
                if (port != 0) return;
                offload.forget();
                block.hardwareLost();
            }

            @Override
            public boolean enter(int port, int max) {
                return port != 0 || block.enterHardware(max);
            }
        });
        for (int i = 0; i < filters; i++) block.put(drops(FILTERED_PORT + i));
        world.lan().play(IntStream.range(OffloadWorld.HARDWARE, OffloadWorld.HARDWARE + flows).toArray(),
            Burst.PACKETS_MAX);
        untilAllIsInHardware();
    }

    private static FlowerRequest drops(int port) {
        Map<FlowerField, FieldMatch> keys = Map.of(
            FlowerField.IP_PROTOCOL, FieldMatch.exactly(FlowerField.IP_PROTOCOL, IpProtocol.UDP),
            FlowerField.TARGET_PORT, FieldMatch.exactly(FlowerField.TARGET_PORT, port));
        return new FlowerRequest(FlowerRequest.Verb.ADD, 0, 1, EtherType.IPV4, 0, 0,
            KeyRules.match(EtherType.IPV4, keys, Optional.empty(), Optional.empty()),
            List.of(new FlowerAction.Gact(ActionControl.DROP)), FlowerFlags.NONE);
    }

    /// The worker's table, in turn with the worker.
    private final class Direct implements FlowerSoftware {

        private PortFilters filters() {
            return world.router().filters();
        }

        @Override
        public FlowerRule add(FlowerFilter filter, boolean isInHardware) {
            FlowerRule rule = filters().table(0, true).add(filter, world.nowNs());
            inHardware(List.of(rule), isInHardware);
            return rule;
        }

        @Override
        public FlowerRule replace(FlowerRule old, FlowerFilter filter, boolean isInHardware) {
            FlowerRule rule = filters().table(0, true).replace(old, filter, world.nowNs());
            inHardware(List.of(rule), isInHardware);
            return rule;
        }

        @Override
        public void inHardware(List<FlowerRule> rules, boolean yes) {
            rules.forEach(rule -> filters().table(0, true).inHardware(rule, yes));
            filters().changed();
        }

        @Override
        public void remove(List<FlowerRule> rules) {
            rules.forEach(filters().table(0, true)::remove);
            filters().changed();
        }
    }

    OffloadWorld offload() {
        return world;
    }

    /// Returns how long the device drained, in nanoseconds.
    long change(EswitchMode mode) {
        ModeChange change = control.eswitch().begin(mode);
        ControlEvent.EswitchMode[] ended = {null};
        until(() -> {
            world.turn(() -> ended[0] = control.eswitch().turn(change, "bench"));
            return ended[0] != null;
        });
        if (change.ending() != ModeChange.Ending.DONE) throw new IllegalStateException("a change of mode was not done");
        return change.record().drainNs();
    }

    /// To `switchdev`, until all is in hardware again.
    void back() {
        change(EswitchMode.SWITCHDEV);
        untilAllIsInHardware();
    }

    /// To count flows takes longer than a turn.
    private void untilAllIsInHardware() {
        until(() -> {
            for (int i = 0; i < TURNS_PER_LOOK; i++) world.turn();
            return world.inHardwareCount() == flows && control.filterCount() == filters;
        });
    }

    private void until(BooleanSupplier turns) {
        long untilNs = world.nowNs() + PATIENCE_NS;
        while (!turns.getAsBoolean()) {
            if (world.nowNs() > untilNs) throw new IllegalStateException("a change of mode took too long");
        }
    }

    @Override
    public void close() {
        world.close();
    }
}
