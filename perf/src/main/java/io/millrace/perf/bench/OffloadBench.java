package io.millrace.perf.bench;

import io.millrace.dataplane.hook.LoadedRules;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.nic.sim.model.NicLimits;
import io.millrace.packet.memory.Burst;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/// `millrace bench offload`: what a connection in a NIC's flow table spares the worker, how fast connections get there,
/// and how long another ruleset stops packets.
///
/// Expected: the worker's time falls with the share that hardware forwards, to what its empty turns take; installing
/// costs control a microsecond or two a connection, most of it the two commands.
@Command(name = "offload", description = {"Forward UDP connections of which a share is in the flow table of a"
    + " simulated NIC; install", "connections; swap rulesets under load."})
public final class OffloadBench implements Callable<Integer> {

    private static final double[] SHARES = {0, 0.5, 0.9, 0.99};
    private static final int ORDER = 1 << 14;
    private static final int FIRST_HITS = 1_000;
    private static final double LOAD = 0.3;
    private static final long GAP_NS = 20_000_000;
    private static final long SLOW_NS = 20_000;
    private static final long PATIENCE_NS = 20_000_000_000L;

    @Spec
    private CommandSpec spec;

    @Option(names = "--flows", paramLabel = "N", defaultValue = "4000",
        description = "Connections of the traffic (default: ${DEFAULT-VALUE}).")
    private int flows;

    @Option(names = "--installs", paramLabel = "N", defaultValue = "100000",
        description = "Connections to be installed (default: ${DEFAULT-VALUE}).")
    private int installs;

    @Option(names = "--swaps", paramLabel = "N", defaultValue = "50",
        description = "How many times rulesets are swapped (default: ${DEFAULT-VALUE}).")
    private int swaps;

    @Mixin
    private TimedRoundOptions options;

    @Override
    public Integer call() {
        int connectionsMax = OffloadWorld.HARDWARE_MAX - OffloadWorld.HARDWARE;
        TimedRoundOptions.check("--flows", flows, 2, 30_000);
        TimedRoundOptions.check("--installs", installs, 100, connectionsMax);
        TimedRoundOptions.check("--swaps", swaps, 1, 10_000);
        Meter.pin();
        OffloadResult result = run(flows, installs, swaps, options.rounds(), options.seconds(), true);
        return options.print(spec, result.members(), result.text());
    }

    static OffloadResult run(int flows, int installs, int swaps, int rounds, double seconds, boolean warmsUp) {
        List<OffloadResult.Share> shares = shares(flows, rounds, seconds, warmsUp);
        List<OffloadResult.Installs> ways = List.of(
            installs("idle", installs, NicLimits.LATENCY_NS_USUAL, 0, rounds),
            installs("idle, latency 20 us", installs, SLOW_NS, 0, rounds),
            installs("worker under load", installs, NicLimits.LATENCY_NS_USUAL, Burst.PACKETS_MAX, rounds));
        OffloadResult.Share half = shares.get(1);
        double mpps = LOAD * 1000 / (half.deviceNs() + half.workerNs() + half.controlNs());
        return new OffloadResult(shares, ways, firstHit(), swap(flows, swaps, mpps), rounds);
    }

    private static List<OffloadResult.Share> shares(int flows, int rounds, double seconds, boolean warmsUp) {
        try (var world = new OffloadWorld(4 * flows, NicLimits.LATENCY_NS_USUAL)) {
            fill(world, OffloadWorld.HARDWARE, flows);
            fill(world, OffloadWorld.SOFTWARE, flows);
            until(() -> world.inHardwareCount() == flows, world, "connections in hardware");
            var meter = new Meter(world::turn);
            double[][] found = new double[SHARES.length][];
            double[][] device = new double[SHARES.length][rounds];
            double[][] worker = new double[SHARES.length][rounds];
            double[][] control = new double[SHARES.length][rounds];
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < SHARES.length; i++) {
                    world.lan().play(order(flows, SHARES[i]), Burst.PACKETS_MAX);
                    if (round == 0 && warmsUp) meter.warmUp();
                    for (int turn = 0; turn < ORDER / Burst.PACKETS_MAX; turn++) world.turn();
                    world.reset();
                    meter.measure(seconds);
                    found[i] = new double[] {world.shareHit()};
                    device[i][round] = world.deviceNsPerPacket();
                    worker[i][round] = world.workerNsPerPacket();
                    control[i][round] = world.controlNsPerPacket();
                }
            }
            return IntStream.range(0, SHARES.length).mapToObj(i -> new OffloadResult.Share(SHARES[i], found[i][0],
                Meter.median(device[i]), Meter.median(worker[i]), Meter.median(control[i]))).toList();
        }
    }

    /// Connections in an order that jumps between them, such a share of them those in hardware.
    private static int[] order(int flows, double share) {
        var random = new SplittableRandom(1);
        return IntStream.range(0, ORDER).map(_ -> random.nextInt(flows)
            + (random.nextDouble() < share ? OffloadWorld.HARDWARE : OffloadWorld.SOFTWARE)).toArray();
    }

    /// Has each of the connections send until it is in the worker's flow table: its second packet brings it there.
    private static void fill(OffloadWorld world, int first, int count) {
        int before = world.flowCount();
        world.lan().play(IntStream.range(first, first + count).toArray(), Burst.PACKETS_MAX);
        until(() -> world.flowCount() == before + count, world, "connections in the flow table");
    }

    private static void until(BooleanSupplier isSo, OffloadWorld world, String what) {
        long untilNs = System.nanoTime() + PATIENCE_NS;
        while (!isSo.getAsBoolean()) {
            world.turn();
            if (System.nanoTime() > untilNs) throw new IllegalStateException("not enough " + what);
        }
    }

    /// Connections that are in the worker's table and may not leave it, until they may: from the first that is
    /// confirmed to the last.
    private static OffloadResult.Installs installs(String name, int count, long latencyNs, int load, int rounds) {
        double[] perSecond = new double[rounds];
        double[] controlNs = new double[rounds];
        try (var world = new OffloadWorld(count + count / 8, latencyNs)) {
            world.deny(true);
            fill(world, OffloadWorld.HARDWARE, count);
            fill(world, OffloadWorld.SOFTWARE, count / 16);
            world.lan().play(IntStream.range(OffloadWorld.SOFTWARE, OffloadWorld.SOFTWARE + count / 16).toArray(), load);
            for (int round = -1; round < rounds; round++) {   // once before, so that no cold code is measured
                long before = world.installs();
                world.deny(false);
                until(() -> world.installs() > before, world, "installs");
                long first = world.installs();
                world.reset();
                long startNs = System.nanoTime();
                until(() -> world.installs() >= before + count, world, "installs");
                int place = Math.max(round, 0);
                perSecond[place] = (before + count - first) * 1e9 / (System.nanoTime() - startNs);
                controlNs[place] = world.controlSeconds() * 1e9 / (before + count - first);
                world.deny(true);
                until(() -> world.inHardwareCount() == 0, world, "removals");
            }
        }
        return new OffloadResult.Installs(name, count, Meter.median(perSecond), Meter.median(controlNs));
    }

    /// Connections one after the other, each packet of which comes in a turn of its own.
    private static OffloadResult.FirstHit firstHit() {
        double[] us = new double[FIRST_HITS];
        try (var world = new OffloadWorld(2 * FIRST_HITS, NicLimits.LATENCY_NS_USUAL)) {
            for (int i = 0; i < FIRST_HITS; i++) {
                int flowsBefore = world.flowCount();
                world.lan().play(new int[] {OffloadWorld.HARDWARE + i}, 1);
                until(() -> world.flowCount() > flowsBefore, world, "connections in the flow table");
                long startNs = System.nanoTime();
                long hitsBefore = world.hits();
                until(() -> world.hits() > hitsBefore, world, "hits");
                us[i] = (System.nanoTime() - startNs) / 1e3;
            }
        }
        Arrays.sort(us);
        return new OffloadResult.FirstHit(us[us.length / 2], us[us.length * 99 / 100]);
    }

    /// Another ruleset again and again, made ready on another thread while packets arrive at a rate.
    private static OffloadResult.Swap swap(int flows, int swaps, double mpps) {
        List<Ruleset> rulesets = List.of(OffloadWorld.rules("  counter\n  ip daddr 10.0.0.0/8 drop\n"),
            OffloadWorld.rules("  tcp dport 25 drop\n  counter\n  ip ttl 1 drop\n"));
        try (var world = new OffloadWorld(4 * flows, NicLimits.LATENCY_NS_USUAL)) {
            fill(world, OffloadWorld.HARDWARE, flows);
            fill(world, OffloadWorld.SOFTWARE, flows);
            until(() -> world.inHardwareCount() == flows, world, "connections in hardware");
            world.lan().play(order(flows, 0.5), Burst.PACKETS_MAX);
            for (int i = 0; i < swaps; i++) swap(world, rulesets.get(i % 2));   // so that no cold code is measured
            world.lan().offer(mpps, OffloadWorld.RING_SLOTS, world.nowNs());
            double[] stillUs = new double[swaps];
            double[] lost = new double[swaps];
            double[] lostWithout = new double[swaps];
            for (int i = 0; i < swaps; i++) {
                long before = world.lan().lostCount();
                stillUs[i] = swap(world, rulesets.get(i % 2));
                long between = world.lan().lostCount();
                pass(world);
                lost[i] = between - before;
                lostWithout[i] = world.lan().lostCount() - between;
            }
            return new OffloadResult.Swap(swaps, mpps, Meter.median(lost) / mpps, Meter.median(stillUs),
                Arrays.stream(stillUs).max().orElseThrow(), (long) Meter.median(lost),
                (long) Meter.median(lostWithout), world.dropped());
        }
    }

    private static double swap(OffloadWorld world, Ruleset ruleset) {
        CompletableFuture<LoadedRules> loading = CompletableFuture.supplyAsync(() -> world.load(ruleset));
        while (!loading.isDone()) world.turn();
        double stillUs = world.use(loading.join()) / 1e3;
        pass(world);
        return stillUs;
    }

    private static void pass(OffloadWorld world) {
        long untilNs = System.nanoTime() + GAP_NS;
        while (System.nanoTime() < untilNs) world.turn();
    }
}
