package io.millrace.nic.driver.gen;

import io.millrace.nic.driver.gen.layer.LayerStack;
import io.millrace.nic.driver.gen.stream.FieldValues;
import io.millrace.nic.driver.gen.stream.FlowSpec;
import io.millrace.nic.driver.gen.stream.Mutation;
import io.millrace.nic.driver.gen.stream.Rate;
import io.millrace.nic.driver.gen.stream.SizeMix;
import io.millrace.nic.driver.gen.stream.StreamSpec;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static io.millrace.nic.driver.gen.Generated.UDP;
import static io.millrace.nic.driver.gen.Generated.field;
import static io.millrace.nic.driver.gen.Generated.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/// What a stream asks for is what comes out.
class GenPortTest {

    private static final int SOURCE_PORT_AT = 34;
    private static final int SOURCE_AT = 26;
    private static final int TTL_AT = 22;
    private static final Rate FAST = new Rate.Packets(10e6);

    private final long seed = Seeds.next();

    private StreamSpec stream(SizeMix sizes, Rate rate, long count, FlowSpec flows,
                              io.millrace.nic.driver.gen.stream.FieldSpec... fields) {
        return Generated.stream(UDP, sizes, rate, count, seed, flows, fields);
    }

    @Test
    void givesAsManyPacketsAsAskedFor() {
        assertThat(Generated.of(stream(SizeMix.fixed(64), FAST, 12_345, FlowSpec.ONE)).frames()).hasSize(12_345);
    }

    @Test
    void keepsTheRateOfASecondWithinOnePercent() {
        for (Rate rate : List.of(new Rate.Packets(333_333), new Rate.Bits(1e9, 1), new Rate.Bits(777e6, 2))) {
            var spec = new StreamSpec("s", "", UDP, new byte[0], List.of(), FlowSpec.ONE, SizeMix.inTurn(64, 512, 1514),
                rate, 1, 500_000, 1_000_000_000, StreamSpec.ENDLESS, seed, false, Mutation.NONE);
            Generated generated = Generated.of(spec);
            double asked = rate instanceof Rate.Packets packets ? packets.perSecond() : ((Rate.Bits) rate).perSecond();
            double given = generated.frames().stream().mapToDouble(frame -> switch (rate) {
                case Rate.Packets _ -> 1;
                case Rate.Bits bits -> 8.0 * (frame.length + (bits.layer() == 1 ? 24 : 4));
                case Rate.Unlimited _ -> throw new AssertionError();
            }).sum();
            assertThat(given).isCloseTo(asked, within(asked * 0.001));
            assertThat(generated.timesNs().getFirst()).isEqualTo(500_000);
            assertThat(generated.timesNs()).isSorted();
        }
    }

    @Test
    void aBurstSharesOneTimeAndKeepsTheRate() {
        var spec = new StreamSpec("s", "", UDP, new byte[0], List.of(), FlowSpec.ONE, SizeMix.fixed(64),
            new Rate.Packets(1e6), 32, 0, StreamSpec.ENDLESS, 3200, seed, false, Mutation.NONE);
        List<Long> times = Generated.of(spec).timesNs();
        assertThat(new HashSet<>(times)).hasSize(100);
        assertThat(times.get(3199)).isEqualTo(99 * 32_000);
    }

    @Test
    void sizesComeInTurnOrByTheirWeights() {
        Generated inTurn = Generated.of(stream(SizeMix.inTurn(64, 128, 1514), FAST, 9, FlowSpec.ONE));
        assertThat(inTurn.frames().stream().map(frame -> frame.length))
            .containsExactly(64, 128, 1514, 64, 128, 1514, 64, 128, 1514);
        var imix = new SizeMix(new int[] {60, 590, 1514}, new double[] {28, 16, 4}, false);
        Map<Integer, Integer> counts = new HashMap<>();
        Generated.of(stream(imix, FAST, 48_000, FlowSpec.ONE)).frames()
            .forEach(frame -> counts.merge(frame.length, 1, Integer::sum));
        assertThat(chiSquare(new double[] {28_000, 16_000, 4_000},
            counts.get(60), counts.get(590), counts.get(1514))).isLessThan(18.4);   // 2 degrees, 1 in 10,000
    }

    @Test
    void stepsAndListsGoRound() {
        Generated generated = Generated.of(stream(SizeMix.fixed(64), FAST, 7, FlowSpec.ONE,
            field(UDP, 2, "source-port", new FieldValues.Steps(1000, 1011, 5), false),
            field(UDP, 1, "ttl", new FieldValues.Listed(new long[] {9, 3}), false)));
        assertThat(generated.frames().stream().map(frame -> number(frame, SOURCE_PORT_AT, 2)))
            .containsExactly(1000L, 1005L, 1010L, 1000L, 1005L, 1010L, 1000L);
        assertThat(generated.frames().stream().map(frame -> number(frame, TTL_AT, 1)))
            .containsExactly(9L, 3L, 9L, 3L, 9L, 3L, 9L);
    }

    @Test
    void randomAndZipfFieldsHaveTheirDistributions() {
        int packetCount = 100_000;
        Generated generated = Generated.of(stream(SizeMix.fixed(64), FAST, packetCount, FlowSpec.ONE,
            field(UDP, 2, "source-port", new FieldValues.Uniform(100, 163), false),
            field(UDP, 1, "ttl", new FieldValues.Zipf(1, 16, 1.2), false)));
        double[] uniform = new double[64];
        long[] ports = new long[64];
        double[] zipf = new double[16];
        long[] ttls = new long[16];
        double weightSum = 0;
        for (int k = 1; k <= 16; k++) weightSum += Math.pow(k, -1.2);
        for (int k = 1; k <= 16; k++) zipf[k - 1] = packetCount * Math.pow(k, -1.2) / weightSum;
        java.util.Arrays.fill(uniform, packetCount / 64.0);
        for (byte[] frame : generated.frames()) {
            ports[(int) number(frame, SOURCE_PORT_AT, 2) - 100]++;
            ttls[(int) number(frame, TTL_AT, 1) - 1]++;
        }
        assertThat(chiSquare(uniform, ports)).isLessThan(125);   // 63 degrees, 1 in 200,000
        assertThat(chiSquare(zipf, ttls)).isLessThan(55);        // 15 degrees, 1 in 500,000
    }

    @Test
    void aFlowKeepsItsFieldsWhetherItsFramesAreCachedOrNot() {
        for (int flowCount : new int[] {100, 300_000}) {
            Generated generated = Generated.of(stream(SizeMix.fixed(64), FAST, 2L * flowCount,
                new FlowSpec(flowCount, FlowSpec.Order.ROUND_ROBIN, 1),
                field(UDP, 1, "source", new FieldValues.Steps(0x0a000000, 0x0affffff, 1), true),
                field(UDP, 2, "source-port", new FieldValues.Uniform(1024, 65535), true)));
            Set<Long> sources = new HashSet<>();
            for (int i = 0; i < flowCount; i++) {
                byte[] first = generated.frames().get(i);
                assertThat(generated.frames().get(i + flowCount)).isEqualTo(first);
                sources.add(number(first, SOURCE_AT, 4));
            }
            assertThat(sources).hasSize(flowCount);
        }
    }

    @Test
    void flowsInZipfOrderComeByTheirWeights() {
        int flowCount = 50;
        Generated generated = Generated.of(stream(SizeMix.fixed(64), FAST, 50_000,
            new FlowSpec(flowCount, FlowSpec.Order.ZIPF, 1),
            field(UDP, 2, "source-port", new FieldValues.Steps(0, 999, 1), true)));
        double[] expected = new double[flowCount];
        long[] counts = new long[flowCount];
        double weightSum = 0;
        for (int k = 1; k <= flowCount; k++) weightSum += 1.0 / k;
        for (int k = 1; k <= flowCount; k++) expected[k - 1] = 50_000 / weightSum / k;
        generated.frames().forEach(frame -> counts[(int) number(frame, SOURCE_PORT_AT, 2)]++);
        assertThat(chiSquare(expected, counts)).isLessThan(110);   // 49 degrees, 1 in 900,000
    }

    @Test
    void theSameSeedGivesTheSamePackets() {
        StreamSpec spec = stream(SizeMix.uniform(64, 300), FAST, 1000, new FlowSpec(20, FlowSpec.Order.RANDOM, 1),
            field(UDP, 1, "source", new FieldValues.Uniform(1, 1L << 31), true),
            field(UDP, 1, "id", new FieldValues.Uniform(0, 65_535), false));
        List<byte[]> first = Generated.of(spec).frames();
        List<byte[]> again = Generated.of(spec).frames();
        for (int i = 0; i < first.size(); i++) assertThat(again.get(i)).isEqualTo(first.get(i));
        assertThat(Generated.of(spec.seeded(seed + 1)).frames().get(0)).isNotEqualTo(first.get(0));
    }

    @Test
    void mutationDamagesItsShareInTheHeadersAlone() {
        var spec = new StreamSpec("s", "", UDP, new byte[] {5}, List.of(), FlowSpec.ONE, SizeMix.fixed(100), FAST, 1, 0,
            StreamSpec.ENDLESS, 10_000, seed, false, new Mutation(0.5, 3, 0.25, 14));
        byte[] whole = Generated.of(new StreamSpec("s", "", UDP, new byte[] {5}, List.of(), FlowSpec.ONE,
            SizeMix.fixed(100), FAST, 1, 0, StreamSpec.ENDLESS, 1, seed, false, Mutation.NONE)).frames().getFirst();
        int damagedCount = 0;
        int cutCount = 0;
        for (byte[] frame : Generated.of(spec).frames()) {
            if (frame.length < 100) {
                cutCount++;
                continue;
            }
            boolean isDamaged = false;
            for (int i = 0; i < 42; i++) {
                if (frame[i] == whole[i]) continue;
                assertThat(i).isGreaterThanOrEqualTo(14);
                isDamaged = true;
            }
            for (int i = 42; i < 100; i++) assertThat(frame[i]).isEqualTo((byte) 5);
            if (isDamaged) damagedCount++;
        }
        assertThat(cutCount).isBetween(1100, 1400);
        assertThat(damagedCount).isBetween(3450, 4000);   // two turns of one bit may meet
    }

    @Test
    void refusesFramesTooShortForTheirHeaders() {
        assertThatThrownBy(() -> stream(SizeMix.fixed(41), FAST, 1, FlowSpec.ONE))
            .hasMessageContaining("frames of stream s need 42 bytes at least: 42 of headers, got 41");
        LayerStack layers = UDP;
        StreamSpec tooShort = Generated.stream(layers, SizeMix.fixed(57), FAST, 1, 1, FlowSpec.ONE);
        assertThatThrownBy(() -> Generated.stamped(tooShort))
            .hasMessageContaining("58 bytes at least: 42 of headers and 16 of stamp");
    }

    private static double chiSquare(double[] expected, long... counts) {
        double sum = 0;
        for (int i = 0; i < expected.length; i++) sum += Math.pow(counts[i] - expected[i], 2) / expected[i];
        return sum;
    }
}
