package io.millrace.dataplane.route;

import io.millrace.dataplane.route.PrefixOracle.Bits;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import static org.assertj.core.api.Assertions.assertThat;

/// Random tables, additions and removals interleaved, against [PrefixOracle].
class PrefixTableFuzzTest {

    private static final int ROUNDS = 3;
    private static final int CHANGES = 4_000;

    /// Where the random prefixes lie.
    enum Shape {
        /// All over the space: mostly buckets under the root.
        WIDE,
        /// A few bits in random places set: deep nesting, long shared bits, skips that are cut.
        SPARSE_BITS,
        /// Beside one address: prefixes that part at random depths.
        AROUND_ONE
    }

    private record Prefix(long high, long low, int length) {}

    @ParameterizedTest
    @EnumSource
    void agreesWithTheOracleOnIpv4(Shape shape) {
        run(32, shape);
    }

    @ParameterizedTest
    @EnumSource
    void agreesWithTheOracleOnIpv6(Shape shape) {
        run(128, shape);
    }

    private static void run(int bits, Shape shape) {
        var random = new SplittableRandom(Seeds.next());
        for (int round = 0; round < ROUNDS; round++) {
            try (Arena arena = Arena.ofConfined()) {
                new Run(new PrefixTable(arena, bits), bits, shape, random).all();
            }
        }
    }

    /// A million prefixes take the table, every one of them is found again, and with the last the last node goes.
    @Test
    void holdsAMillionPrefixes() {
        var random = new SplittableRandom(Seeds.next());
        int count = Seeds.isFull() ? 1_000_000 : 60_000;
        for (int bits : new int[] {32, 128}) {
            try (Arena arena = Arena.ofConfined()) {
                var run = new Run(new PrefixTable(arena, bits), bits, Shape.WIDE, random);
                while (run.table.count() < count) run.add();
                run.checkLookups(count / 4);
                run.removeAll();
            }
        }
    }

    private static final class Run {

        private final PrefixTable table;
        private final PrefixOracle oracle = new PrefixOracle();
        private final List<Prefix> present = new ArrayList<>();
        private final int bits;
        private final Shape shape;
        private final SplittableRandom random;
        private final long centreHigh;
        private final long centreLow;

        Run(PrefixTable table, int bits, Shape shape, SplittableRandom random) {
            this.table = table;
            this.bits = bits;
            this.shape = shape;
            this.random = random;
            this.centreHigh = random.nextLong();
            this.centreLow = random.nextLong();
        }

        void all() {
            for (int change = 0; change < CHANGES; change++) {
                boolean isGrowing = change % 1_000 < 600;
                if (present.isEmpty() || random.nextInt(10) < (isGrowing ? 8 : 3)) {
                    add();
                } else {
                    removeOne();
                }
                if (change % 10 == 0) checkLookups(5);
                assertThat(table.count()).isEqualTo(oracle.count());
            }
            checkLookups(500);
            removeAll();
        }

        void add() {
            Bits at = address();
            int length = random.nextInt(bits + 1);
            Bits kept = PrefixOracle.truncated(at.high(), at.low(), length);
            int value = random.nextInt(1000);
            int previous = oracle.put(kept.high(), kept.low(), length, value);
            assertThat(table.put(kept.high(), kept.low(), length, value)).isEqualTo(previous);
            if (previous < 0) present.add(new Prefix(kept.high(), kept.low(), length));
        }

        private void removeOne() {
            int index = random.nextInt(present.size());
            Prefix gone = present.get(index);
            present.set(index, present.getLast());
            present.removeLast();
            int expected = oracle.remove(gone.high(), gone.low(), gone.length());
            assertThat(table.remove(gone.high(), gone.low(), gone.length())).isEqualTo(expected).isNotNegative();
        }

        void removeAll() {
            while (!present.isEmpty()) removeOne();
            assertThat(table.nodeCount()).isZero();
            checkLookups(20);
        }

        /// Random addresses, and the first, last and neighbouring addresses of prefixes in the table.
        void checkLookups(int count) {
            for (int i = 0; i < count; i++) {
                check(address());
                if (present.isEmpty()) continue;
                Prefix near = present.get(random.nextInt(present.size()));
                check(new Bits(near.high(), near.low()));
                check(flipped(new Bits(near.high(), near.low()), random.nextInt(bits)));
                if (near.length() > 0) check(flipped(new Bits(near.high(), near.low()), near.length() - 1));
            }
        }

        private void check(Bits at) {
            int expected = oracle.lookup(at.high(), at.low());
            int found = bits == 32 ? table.lookup().ipv4((int) (at.high() >>> 32)) : table.lookup().ipv6(at.high(), at.low());
            assertThat(found).as("%016x %016x", at.high(), at.low()).isEqualTo(expected);
        }

        private Bits address() {
            Bits any = switch (shape) {
                case WIDE -> new Bits(random.nextLong(), random.nextLong());
                case SPARSE_BITS -> {
                    Bits sparse = new Bits(0, 0);
                    for (int i = random.nextInt(4); i > 0; i--) sparse = flipped(sparse, random.nextInt(bits));
                    yield sparse;
                }
                case AROUND_ONE -> {
                    int shared = random.nextInt(bits);
                    Bits flipped = flipped(new Bits(centreHigh, centreLow), shared);
                    yield random.nextBoolean() ? flipped : flipped(flipped, random.nextInt(bits));
                }
            };
            return PrefixOracle.truncated(any.high(), any.low(), bits);
        }

        private static Bits flipped(Bits from, int bit) {
            return bit < 64 ? new Bits(from.high() ^ 1L << 63 - bit, from.low())
                : new Bits(from.high(), from.low() ^ 1L << 127 - bit);
        }
    }
}
