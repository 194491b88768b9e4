package io.millrace.packet.memory;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PacketRingTest {

    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void doesWhatAQueueDoes() {
        long seed = Seeds.next();
        var random = new Random(seed);
        for (int slotCount = 1; slotCount <= 64; slotCount *= 2) {
            var ring = new PacketRing(arena, slotCount);
            var model = new ArrayDeque<Integer>();
            var offered = new Burst();
            var polled = new Burst();
            int nextPacket = 0;
            for (int step = 0; step < 5_000; step++) {
                String where = "slotCount %d, step %d, seed=%d".formatted(slotCount, step, seed);
                if (random.nextBoolean()) {
                    while (offered.count() < random.nextInt(65)) offered.add(nextPacket++);
                    List<Integer> wanted = BurstTest.contents(offered);
                    int expectedCount = Math.min(wanted.size(), slotCount - model.size());
                    assertThat(ring.offer(offered)).as(where).isEqualTo(expectedCount);
                    assertThat(BurstTest.contents(offered)).as(where).isEqualTo(wanted);
                    model.addAll(wanted.subList(0, expectedCount));
                    offered.removeFirst(expectedCount);
                } else {
                    polled.truncate(random.nextInt(polled.count() + 1));
                    List<Integer> expected = BurstTest.contents(polled);
                    int expectedCount = Math.min(polled.room(), model.size());
                    for (int i = 0; i < expectedCount; i++) expected.add(model.remove());
                    assertThat(ring.poll(polled)).as(where).isEqualTo(expectedCount);
                    assertThat(BurstTest.contents(polled)).as(where).isEqualTo(expected);
                }
                assertThat(ring.count()).as(where).isEqualTo(model.size());
            }
        }
    }

    @Test
    void wrapsAroundInEveryPhase() {
        for (int slotCount = 1; slotCount <= 64; slotCount *= 2) {
            for (int phase = 0; phase < slotCount; phase++) {
                var ring = new PacketRing(arena, slotCount);
                pass(ring, phase);
                assertThat(pass(ring, slotCount)).isEqualTo(numbers(slotCount));
            }
        }
    }

    @Test
    void aFullRingTakesNothingAndKeepsWhatItHas() {
        var ring = new PacketRing(arena, 4);
        assertThat(ring.offer(burst(6))).isEqualTo(4);
        assertThat(ring.offer(burst(6))).isZero();
        var polled = new Burst();
        assertThat(ring.poll(polled)).isEqualTo(4);
        assertThat(BurstTest.contents(polled)).isEqualTo(numbers(4));
    }

    @Test
    void anEmptyRingGivesNothing() {
        var ring = new PacketRing(arena, 4);
        var burst = new Burst();
        assertThat(ring.poll(burst)).isZero();
        assertThat(ring.offer(burst)).isZero();
        pass(ring, 3);
        assertThat(ring.poll(burst)).isZero();
        assertThat(burst.count()).isZero();
    }

    @Test
    void aFullBurstTakesNothing() {
        var ring = new PacketRing(arena, 4);
        ring.offer(burst(4));
        assertThat(ring.poll(burst(64))).isZero();
        assertThat(ring.count()).isEqualTo(4);
    }

    @Test
    void refusesASizeThatIsNoPowerOfTwo() {
        for (int slotCount : new int[] {0, -1, 3, 63, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> new PacketRing(arena, slotCount))
                .hasMessage("slotCount must be a power of two, got " + slotCount);
        }
    }

    private static List<Integer> pass(PacketRing ring, int packetCount) {
        assertThat(ring.offer(burst(packetCount))).isEqualTo(packetCount);
        var polled = new Burst();
        assertThat(ring.poll(polled)).isEqualTo(packetCount);
        return BurstTest.contents(polled);
    }

    private static Burst burst(int packetCount) {
        var burst = new Burst();
        numbers(packetCount).forEach(burst::add);
        return burst;
    }

    private static List<Integer> numbers(int count) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) numbers.add(i);
        return numbers;
    }
}
