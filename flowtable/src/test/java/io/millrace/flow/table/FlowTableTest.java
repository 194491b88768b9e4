package io.millrace.flow.table;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class FlowTableTest {

    private static final int UDP = 17;
    private static final int STEPS = 60_000;

    private final Arena arena = Arena.ofConfined();
    private final DirectionSpec original = new DirectionSpec();
    private final DirectionSpec reply = new DirectionSpec();

    @AfterEach
    void close() {
        arena.close();
    }

    /// A flow whose two keys follow from a number.
    private void describe(int number) {
        int family = number % 3 == 0 ? 6 : 4;
        long high = family == 6 ? 0x2001_0db8_0000_0000L | number % 5 : 0;
        int port = number % 60_000;
        original.of(family, UDP, 0).mtu(1500).source(high, number, port).target(high, 7, 53);
        reply.of(family, UDP, 1).mtu(1500).source(high, 7, 53).target(high, number, port);
        original.link().through(1, 1, family, 2).toNeighbour(0, number % 4, 0).resolved(3);
        reply.link().through(0, 0, family, 1).toNeighbour(0, 8 + number % 4, 0).resolved(4);
    }

    private int add(FlowTable flows, int number) {
        describe(number);
        return flows.add(original, reply, number, true, 0);
    }

    /// Random adding, removing and finding beside a map, through every growth of the index.
    @Test
    void doesWhatAMapDoes() {
        var random = new Random(Seeds.next());
        var flows = new FlowTable(arena, 20_000, 32, random.nextLong());
        Map<Integer, Integer> slots = new HashMap<>();
        List<Integer> numbers = new ArrayList<>();
        Map<Integer, Set<Integer>> generations = new HashMap<>();
        for (int step = 0; step < STEPS; step++) {
            int number = random.nextInt(40_000);
            boolean isShrinking = step / 10_000 % 2 == 1;
            if (random.nextInt(10) < (isShrinking ? 3 : 7)) {
                int slot = add(flows, number);
                if (slots.containsKey(number)) {
                    assertThat(slot).isEqualTo(FlowTable.TAKEN);
                } else if (slots.size() == 20_000) {
                    assertThat(slot).isEqualTo(FlowTable.FULL);
                } else {
                    assertThat(slot).isNotNegative();
                    slots.put(number, slot);
                    numbers.add(number);
                    assertThat(generations.computeIfAbsent(slot, _ -> new HashSet<>()).add(flows.generation(slot)))
                        .as("(slot, generation) is new").isTrue();
                }
            } else if (!numbers.isEmpty()) {
                int place = random.nextInt(numbers.size());
                int gone = numbers.set(place, numbers.getLast());
                numbers.removeLast();
                flows.remove(slots.remove(gone));
            }
            assertFound(flows, slots, random.nextInt(40_000));
            assertThat(flows.flowCount()).isEqualTo(slots.size());
        }
        for (int number = 0; number < 40_000; number++) assertFound(flows, slots, number);
    }

    private void assertFound(FlowTable flows, Map<Integer, Integer> slots, int number) {
        describe(number);
        Integer slot = slots.get(number);
        assertThat(flows.find(original)).isEqualTo(slot == null ? FlowTable.NONE : 2 * slot);
        assertThat(flows.find(reply)).isEqualTo(slot == null ? FlowTable.NONE : 2 * slot + 1);
        if (slot != null) assertThat(flows.connection(slot)).isEqualTo(number);
        assertThat(lineAt(FlowFinder.of(flows), number))
            .isEqualTo(slot == null ? FlowFinder.NONE : flows.lineAt(2 * slot));
    }

    /// Where the original direction lies, as a burst finds it.
    private long lineAt(FlowFinder finder, int number) {
        int port = number % 60_000;
        if (number % 3 == 0) {
            long high = 0x2001_0db8_0000_0000L | number % 5;
            finder.want6(0, finder.shape(), high, number, high, 7, FlowLine.selector(port, 53, UDP, 6, 0));
            finder.touch(1);
            return finder.lineAt6(0, number, high, 7);
        }
        finder.want4(0, finder.shape(), (long) number << 32 | 7, FlowLine.selector(port, 53, UDP, 4, 0));
        finder.touch(1);
        return finder.lineAt4(0);
    }

    @Test
    void refusesAFlowOneOfWhoseKeysIsTaken() {
        var flows = new FlowTable(arena, 16, 32, 1);
        add(flows, 1);
        describe(1);
        original.source(0, 99, 99);
        assertThat(flows.add(original, reply, 2, true, 0)).as("reply taken").isEqualTo(FlowTable.TAKEN);
        describe(2);
        assertThat(flows.add(original, original, 2, true, 0)).as("one key twice").isEqualTo(FlowTable.TAKEN);
        assertThat(flows.flowCount()).isEqualTo(1);
    }

    @Test
    void refusesAFlowWhenItIsFullAndTakesItWhenOneIsGone() {
        var flows = new FlowTable(arena, 100, 32, 1);
        for (int number = 0; number < 100; number++) assertThat(add(flows, number)).isEqualTo(number);
        assertThat(add(flows, 100)).isEqualTo(FlowTable.FULL);
        flows.remove(37);
        assertThat(add(flows, 100)).isEqualTo(37);
        assertThat(flows.generation(37)).isEqualTo(1);
        assertThat(flows.generation(36)).isZero();
    }

    @Test
    void refusesAFlowWhenWaysOutAreUsedUpAndGivesTheFirstBack() {
        var flows = new FlowTable(arena, 100, 3, 1);
        describe(1);
        assertThat(flows.add(original, reply, 1, true, 0)).isNotNegative();
        for (int i = 0; i < 5; i++) assertThat(add(flows, 2)).as("one link left, two needed").isEqualTo(FlowTable.FULL);
        flows.remove(0);
        assertThat(add(flows, 2)).isNotNegative();
    }

    @Test
    void flowsToOneNeighbourShareAWayOut() {
        var flows = new FlowTable(arena, 1000, 8, 1);
        for (int number = 1; number < 1000; number += 12) assertThat(add(flows, number)).isNotNegative();
    }

    /// Keys that all fall into one bucket: chains of overflow buckets, and none is lost.
    @Test
    void keepsEntriesOfABucketThatOverflows() {
        var flows = new FlowTable(arena, 4000, 32, 5);
        List<Integer> chosen = new ArrayList<>();
        for (int number = 1; chosen.size() < 60; number += 3) {
            describe(number);
            if ((original.hash(flows.hash()) & 0xfff) == 0xabc) chosen.add(number);
        }
        for (int number : chosen) assertThat(add(flows, number)).isNotNegative();
        for (int number = 100_002; number < 100_002 + 3 * 3000; number += 3) add(flows, number);   // grows, splits
        for (int number : chosen) {
            describe(number);
            int direction = flows.find(original);
            assertThat(flows.connection(direction / 2)).isEqualTo(number);
            flows.remove(direction / 2);
            describe(number);
            assertThat(flows.find(original)).isEqualTo(FlowTable.NONE);
        }
    }
}
