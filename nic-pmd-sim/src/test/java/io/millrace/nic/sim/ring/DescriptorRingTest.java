package io.millrace.nic.sim.ring;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DescriptorRingTest {

    private final Arena arena = Arena.ofAuto();

    @ParameterizedTest
    @ValueSource(ints = {64, 128, 256, 512, 1024, 2048, 4096})
    void holdsItsSizeAndNoMoreAtEveryPlaceOfTheWrap(int slots) {
        var ring = new DescriptorRing(arena, slots);
        int step = slots / 2 + 3;   // prime to the size: every place becomes the first
        long next = 0;
        long expected = 0;
        for (int round = 0; round < 2 * slots; round++) {
            assertThat(ring.room(slots)).isEqualTo(slots);
            assertThat(ring.ready(1)).isZero();
            for (int i = 0; i < slots; i++) ring.put(next, (int) next, ~(int) next++);
            assertThat(ring.room(1)).isZero();
            assertThat(ring.ready(1)).as("doorbell not rung").isZero();
            ring.ring();
            assertThat(ring.ready(slots)).isEqualTo(slots);
            for (int i = 0; i < slots; i++) {
                assertThat(ring.address()).isEqualTo(expected);
                assertThat(ring.bytes()).isEqualTo((int) expected);
                assertThat(ring.options()).isEqualTo(~(int) expected++);
                ring.take();
            }
            assertThat(ring.room(1)).as("taken is not completed").isZero();
            ring.complete(slots);
            for (int i = 0; i < step; i++) ring.put(next++, 0, 0);
            ring.ring();
            assertThat(ring.ready(step)).isEqualTo(step);
            for (int i = 0; i < step; i++) ring.take();
            expected += step;
            ring.complete(step);
        }
    }

    @Test
    void agreesWithAQueueOverRandomSteps() {
        long seed = Seeds.next();
        var random = new Random(seed);
        var ring = new DescriptorRing(arena, 64);
        var model = new ArrayDeque<Long>();
        long next = 0;
        int unrung = 0;
        int taken = 0;
        for (int step = 0; step < 200_000; step++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    int room = ring.room(64);
                    assertThat(room).as("seed %d step %d", seed, step).isEqualTo(64 - model.size() - taken);
                    for (int i = random.nextInt(room + 1); i > 0; i--) {
                        ring.put(next, 1, 2);
                        model.add(next++);
                        unrung++;
                    }
                }
                case 1 -> {
                    ring.ring();
                    unrung = 0;
                }
                case 2 -> {
                    int ready = ring.ready(64);
                    assertThat(ready).as("seed %d step %d", seed, step).isEqualTo(model.size() - unrung);
                    for (int i = random.nextInt(ready + 1); i > 0; i--) {
                        assertThat(ring.address()).as("seed %d step %d", seed, step).isEqualTo(model.remove());
                        ring.take();
                        taken++;
                    }
                }
                default -> {
                    int completed = random.nextInt(taken + 1);
                    ring.complete(completed);
                    taken -= completed;
                    assertThat(ring.takenCount()).isEqualTo(taken);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 32, 63, 65, 96, 4095, 8192})
    void refusesSizesThatNoRingHas(int slots) {
        assertThatThrownBy(() -> new DescriptorRing(arena, slots))
            .hasMessage("a ring has a power of two of slots, 64 to 4096, got " + slots);
    }
}
