package io.millrace.dataplane.neighbour;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.Comparator;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

class NeighbourTimersTest {

    @Test
    void takesTheEarliestAndOfEqualOnesTheLowestNumber() {
        var timers = new NeighbourTimers(8);
        timers.set(5, 30);
        timers.set(3, 20);
        timers.set(7, 20);
        timers.set(1, 10);
        timers.set(1, 40);   // moved
        timers.cancel(5);
        timers.cancel(6);    // does not run
        assertThat(timers.nextNs()).isEqualTo(20);
        assertThat(timers.take()).isEqualTo(3);
        assertThat(timers.take()).isEqualTo(7);
        assertThat(timers.take()).isEqualTo(1);
        assertThat(timers.nextNs()).isEqualTo(Long.MAX_VALUE);
        assertThat(timers.isRunning(1)).isFalse();
    }

    @Test
    void agreesWithASortedMap() {
        var random = new SplittableRandom(Seeds.next());
        var timers = new NeighbourTimers(50);
        Map<Integer, Long> model = new TreeMap<>();
        for (int step = 0; step < 50_000; step++) {
            int number = random.nextInt(50);
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    long atNs = random.nextLong(-20, 20);
                    timers.set(number, atNs);
                    model.put(number, atNs);
                }
                case 2 -> {
                    timers.cancel(number);
                    model.remove(number);
                }
                default -> {
                    if (!model.isEmpty()) assertThat(timers.take()).isEqualTo(removeEarliest(model));
                }
            }
            assertThat(timers.isRunning(number)).isEqualTo(model.containsKey(number));
            long next = model.values().stream().min(Comparator.naturalOrder()).orElse(Long.MAX_VALUE);
            assertThat(timers.nextNs()).isEqualTo(next);
        }
    }

    private static int removeEarliest(Map<Integer, Long> model) {
        int earliest = model.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow().getKey();
        model.remove(earliest);
        return earliest;
    }
}
