package io.millrace.perf.jmh;

import io.millrace.dataplane.route.PrefixTable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// What does a route lookup cost, and how does it grow with the table? 64 random addresses, nine in ten of them
/// inside a prefix beside the default route, out of 65,536 prepared ones; lengths roughly as in the Internet's
/// tables.
///
/// Back of the envelope: with 10 or 1,000 prefixes the root and a few records are in the caches: 5 to 15 ns. With a
/// million, root slot, node slot and record miss one after the other: 40 to 80 ns for IPv4, whose prefixes mostly end
/// in the second node; twice that for random IPv6.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(PrefixTableBench.BURST)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class PrefixTableBench {

    static final int BURST = 64;

    private static final int ADDRESS_COUNT = 65_536;
    private static final int[] LENGTHS_4 = {16, 19, 20, 22, 23, 24, 24, 24, 24, 32};
    private static final int[] LENGTHS_6 = {29, 32, 36, 40, 44, 48, 48, 48, 56, 64};
    private static final long GLOBAL_UNICAST = 1L << 61;   // 2000::/3

    @Param({"10", "1000", "1000000"})
    int prefixCount;

    private final long[] highs = new long[ADDRESS_COUNT];
    private final long[] lows = new long[ADDRESS_COUNT];
    private final int[] addresses = new int[ADDRESS_COUNT];
    private Arena arena;
    private PrefixTable ipv4;
    private PrefixTable ipv6;
    private int next;

    @Setup(Level.Trial)
    public void fill() {
        arena = Arena.ofShared();
        ipv4 = new PrefixTable(arena, 32);
        ipv6 = new PrefixTable(arena, 128);
        var random = new SplittableRandom(1);
        long[] prefixes4 = fill(ipv4, LENGTHS_4, random, -1L, 0);
        long[] prefixes6 = fill(ipv6, LENGTHS_6, random, -1L >>> 3, GLOBAL_UNICAST);
        for (int i = 0; i < ADDRESS_COUNT; i++) {
            boolean isInside = random.nextInt(10) > 0;
            int any = random.nextInt(prefixes4.length);
            addresses[i] = isInside ? (int) (prefixes4[any] >>> 32) | random.nextInt(256) : random.nextInt();
            highs[i] = isInside ? prefixes6[any] | random.nextInt(1 << 16) : GLOBAL_UNICAST | random.nextLong() >>> 3;
            lows[i] = random.nextLong();
        }
    }

    private long[] fill(PrefixTable table, int[] lengths, SplittableRandom random, long mask, long fixed) {
        long[] prefixes = new long[prefixCount];
        table.put(0, 0, 0, 0);
        while (table.count() <= prefixCount) {
            int length = lengths[random.nextInt(lengths.length)];
            long high = (random.nextLong() & mask | fixed) & -1L << 64 - length;
            int index = table.count() - 1;
            if (table.put(high, 0, length, random.nextInt(1_000)) == PrefixTable.NONE) prefixes[index] = high;
        }
        return prefixes;
    }

    @Benchmark
    public int ipv4() {
        int from = advance();
        int sum = 0;
        for (int i = 0; i < BURST; i++) sum += ipv4.lookup().ipv4(addresses[from + i]);
        return sum;
    }

    @Benchmark
    public int ipv6() {
        int from = advance();
        int sum = 0;
        for (int i = 0; i < BURST; i++) sum += ipv6.lookup().ipv6(highs[from + i], lows[from + i]);
        return sum;
    }

    private int advance() {
        next = next + BURST & ADDRESS_COUNT - 1;
        return next;
    }

    @TearDown(Level.Trial)
    public void close() {
        arena.close();
    }
}
