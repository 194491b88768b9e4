package io.millrace.perf.bench;

import io.millrace.nic.sim.eswitch.EswitchMode;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// For how long a change of mode blocks traffic: connections and filters in hardware, packets at a rate that software
/// alone just carries, and the NIC's mode to and fro. What the wire's buffer has no room for is lost; as many packets
/// come in the time that was blocked. All times are those in which the bench had a processor.
///
/// @param isApart   control has a thread of its own, so that its work does not hold up the others: as with
///                  `threading: dedicated`
/// @param flows     in hardware before each change to `legacy`, and `filters` beside them
/// @param mpps      packets that arrive, millions a second
/// @param drainUs   from the begin of a change until the new mode: median and longest
/// @param blockedUs lost ÷ offered: of all changes together, and of the worst
/// @param turns     of the agents, from the begin of a change until all is where it belongs
/// @param lost      packets
/// @param lostElse  packets lost in as long a time without changes
record ModeChangeRun(boolean isApart, int flows, int filters, int changes, double mpps, double[] drainUs,
                     double[] blockedUs, TurnTimes turns, long lost, long lostElse) {

    /// Of what software carries: the rest is for what a change costs.
    private static final double LOAD = 0.8;
    private static final int WARM_UPS = 4;

    static ModeChangeRun of(boolean isApart, int flows, int filters, int changes, double seconds, boolean warmsUp) {
        try (var mode = new ModeChangeWorld(isApart, flows, filters)) {
            OffloadWorld world = mode.offload();
            for (int i = 0; i < WARM_UPS; i++) {   // so that no cold code is measured
                mode.change(EswitchMode.LEGACY);
                mode.back();
            }
            mode.change(EswitchMode.LEGACY);
            if (warmsUp) new Meter(world::turn).warmUp();
            double mpps = LOAD * capacity(world, seconds);
            mode.back();
            double[] drainUs = new double[changes];
            double[] blockedUs = new double[changes];
            var turns = new TurnTimes();
            world.record(turns);
            long startNs = world.nowNs();
            world.lan().offer(mpps, OffloadWorld.RING_SLOTS, startNs);
            long lost = 0;
            for (int i = 0; i < changes; i++) {
                drainUs[i] = mode.change(EswitchMode.LEGACY) / 1e3;
                mode.back();
                blockedUs[i] = (world.lan().lostCount() - lost) / mpps / 2;   // there and back
                lost = world.lan().lostCount();
            }
            world.record(null);
            long tookNs = world.nowNs() - startNs;
            world.lan().offer(mpps, OffloadWorld.RING_SLOTS, world.nowNs());
            turn(world, tookNs);
            return new ModeChangeRun(isApart, flows, filters, 2 * changes, mpps, of(drainUs, Meter.median(drainUs)),
                of(blockedUs, lost / mpps / (2 * changes)), turns, lost, world.lan().lostCount());
        }
    }

    /// Millions of packets a second of the world's time, as fast as they are taken.
    private static double capacity(OffloadWorld world, double seconds) {
        long startNs = world.nowNs();
        long packets = turn(world, (long) (seconds * 1e9));
        return packets * 1e3 / (world.nowNs() - startNs);
    }

    private static long turn(OffloadWorld world, long ns) {
        long packets = 0;
        for (long untilNs = world.nowNs() + ns; world.nowNs() < untilNs; ) packets += world.turn();
        return packets;
    }

    private static double[] of(double[] all, double middle) {
        return new double[] {middle, Arrays.stream(all).max().orElseThrow()};
    }

    String text() {
        return String.format(Locale.ROOT, """
            changes of mode, control %s: %d, at %.2f Mpps, %,d flows and %,d filters in hardware before each to legacy
            drained to legacy in               %.1f us, at most %.1f us
            traffic blocked by a change for    %.1f us, at most %.1f us
            packets lost                       %d, and %d in as long a time without changes
            turns meanwhile, 99.9 %% within     %s
            """, isApart ? "apart" : "in turn with the worker",
            changes, mpps, flows, filters, drainUs[0], drainUs[1], blockedUs[0], blockedUs[1], lost, lostElse,
            turns.text());
    }

    Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("controlApart", isApart);
        members.put("changes", changes);
        members.put("flowsInHardware", flows);
        members.put("filtersInHardware", filters);
        members.put("mpps", mpps);
        members.put("drainUs", List.of(drainUs[0], drainUs[1]));
        members.put("blockedUs", List.of(blockedUs[0], blockedUs[1]));
        members.put("turns", turns.members());
        members.put("lost", lost);
        members.put("lostWithoutChanges", lostElse);
        return members;
    }
}
