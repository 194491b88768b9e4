package io.millrace.perf.bench;

import io.millrace.nic.sim.eswitch.EswitchMode;
import io.millrace.nic.sim.eswitch.ModeChange;
import io.millrace.nic.sim.model.NicLimits;
import io.millrace.packet.memory.Burst;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/// For how long a change of mode blocks traffic: connections in hardware, packets at a rate that software alone just
/// carries, and the NIC's mode to and fro. What the wire's buffer has no room for is lost; as many packets come in the
/// time that was blocked.
///
/// @param isApart   control has a thread of its own, so that its work does not hold up the others: as with
///                  `threading: dedicated`
/// @param flows     in hardware before each change to `legacy`
/// @param mpps      packets that arrive, millions a second
/// @param drainUs   from the begin of a change until the new mode: median and longest
/// @param blockedUs lost ÷ offered: of all changes together, and of the worst
/// @param lost      packets
/// @param lostElse  packets lost in as long a time without changes
record ModeChangeRun(boolean isApart, int flows, int changes, double mpps, double[] drainUs, double[] blockedUs,
                     long lost, long lostElse) {

    /// Of what software carries: the rest is for what a change costs.
    private static final double LOAD = 0.8;
    private static final long PATIENCE_NS = 20_000_000_000L;

    static ModeChangeRun of(boolean isApart, int flows, int changes, double seconds, boolean warmsUp) {
        try (var world = new OffloadWorld(4 * flows, NicLimits.LATENCY_NS_USUAL)) {
            if (isApart) world.controlApart();
            int[] connections = IntStream.range(OffloadWorld.HARDWARE, OffloadWorld.HARDWARE + flows).toArray();
            world.lan().play(connections, Burst.PACKETS_MAX);
            until(() -> world.inHardwareCount() == flows, world);
            for (int i = 0; i < 4; i++) change(world, flows);   // so that no cold code is measured
            change(world, EswitchMode.LEGACY);
            var meter = new Meter(world::turn);
            if (warmsUp) meter.warmUp();
            double mpps = LOAD * meter.measure(seconds).mpps();
            back(world, flows);
            double[] drainUs = new double[changes];
            double[] blockedUs = new double[changes];
            long startNs = world.nowNs();
            world.lan().offer(mpps, OffloadWorld.RING_SLOTS, startNs);
            long lost = 0;
            for (int i = 0; i < changes; i++) {
                ModeChange change = change(world, EswitchMode.LEGACY);
                drainUs[i] = change.record().drainNs() / 1e3;
                back(world, flows);
                blockedUs[i] = (world.lan().lostCount() - lost) / mpps / 2;   // there and back
                lost = world.lan().lostCount();
            }
            long tookNs = world.nowNs() - startNs;
            world.lan().offer(mpps, OffloadWorld.RING_SLOTS, world.nowNs());
            long untilNs = world.nowNs() + tookNs;
            while (world.nowNs() < untilNs) world.turn();
            return new ModeChangeRun(isApart, flows, 2 * changes, mpps, of(drainUs, Meter.median(drainUs)),
                of(blockedUs, lost / mpps / (2 * changes)), lost, world.lan().lostCount());
        }
    }

    private static double[] of(double[] all, double middle) {
        return new double[] {middle, Arrays.stream(all).max().orElseThrow()};
    }

    private static void change(OffloadWorld world, int flows) {
        change(world, EswitchMode.LEGACY);
        back(world, flows);
    }

    private static ModeChange change(OffloadWorld world, EswitchMode mode) {
        ModeChange change = world.nic().changeMode(mode);
        until(() -> change.turn(world.nowNs()), world);
        if (change.ending() != ModeChange.Ending.DONE) throw new IllegalStateException("a change of mode was not done");
        return change;
    }

    /// To `switchdev`, until all connections are in hardware again.
    private static void back(OffloadWorld world, int flows) {
        change(world, EswitchMode.SWITCHDEV);
        until(() -> world.inHardwareCount() == flows, world);
    }

    private static void until(BooleanSupplier isSo, OffloadWorld world) {
        long untilNs = System.nanoTime() + PATIENCE_NS;
        while (!isSo.getAsBoolean()) {
            world.turn();
            if (System.nanoTime() > untilNs) throw new IllegalStateException("a change of mode took too long");
        }
    }

    String text() {
        return String.format(Locale.ROOT, """
            changes of mode, control %s: %d, at %.2f Mpps, %,d flows in hardware before each to legacy
            drained to legacy in               %.1f us, at most %.1f us
            traffic blocked by a change for    %.1f us, at most %.1f us
            packets lost                       %d, and %d in as long a time without changes
            """, isApart ? "apart" : "in turn with the worker",
            changes, mpps, flows, drainUs[0], drainUs[1], blockedUs[0], blockedUs[1], lost, lostElse);
    }

    Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("controlApart", isApart);
        members.put("changes", changes);
        members.put("flowsInHardware", flows);
        members.put("mpps", mpps);
        members.put("drainUs", List.of(drainUs[0], drainUs[1]));
        members.put("blockedUs", List.of(blockedUs[0], blockedUs[1]));
        members.put("lost", lost);
        members.put("lostWithoutChanges", lostElse);
        return members;
    }
}
