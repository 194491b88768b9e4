package io.millrace.packet.memory;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

import static io.millrace.packet.memory.PacketMemory.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FreeRingTest {

    private final Arena arena = Arena.ofShared();

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void doesWhatAQueueDoes() {
        long seed = Seeds.next();
        var random = new Random(seed);
        for (int slotCount = 1; slotCount <= 70; slotCount++) {
            var ring = new FreeRing(arena, slotCount);
            var model = new ArrayDeque<Integer>();
            for (int step = 0; step < 1_000; step++) {
                if (random.nextBoolean() && model.size() < slotCount) {
                    int packet = random.nextInt(Integer.MAX_VALUE);
                    ring.put(packet);
                    model.add(packet);
                } else {
                    int expected = model.isEmpty() ? NONE : model.remove();
                    assertThat(ring.take()).as("slotCount %d, step %d, seed=%d", slotCount, step, seed)
                        .isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void holdsEverySlotOfItsMemory() {
        for (int slotCount = 1; slotCount <= 70; slotCount++) {
            var ring = new FreeRing(arena, slotCount);
            for (int round = 0; round < 3; round++) {
                for (int packet = 0; packet < slotCount; packet++) ring.put(packet);
                for (int packet = 0; packet < slotCount; packet++) assertThat(ring.take()).isEqualTo(packet);
                assertThat(ring.take()).isEqualTo(NONE);
            }
        }
    }

    @Test
    void aSlotTooManyIsAnError() {
        var ring = new FreeRing(arena, 4);
        for (int packet = 0; packet < 4; packet++) ring.put(packet);
        assertThatThrownBy(() -> ring.put(4)).isInstanceOf(AssertionError.class);
    }

    /// Four threads take and put back slots of a ring that has just enough cells: nobody else ever holds a slot that a
    /// thread holds, and none is lost.
    @Test
    void everySlotHasOneHolderAtATime() throws Exception {
        int slotCount = 8;
        int threadCount = 4;
        var ring = new FreeRing(arena, slotCount);
        for (int packet = 0; packet < slotCount; packet++) ring.put(packet);
        var holderCounts = new AtomicIntegerArray(slotCount);
        Callable<Integer> churn = () -> {
            int clashCount = 0;
            for (int i = 0; i < 200_000; i++) {
                int packet = ring.take();
                if (packet == NONE) continue;
                if (holderCounts.incrementAndGet(packet) != 1) clashCount++;
                holderCounts.decrementAndGet(packet);
                ring.put(packet);
            }
            return clashCount;
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(threadCount)) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < threadCount; i++) results.add(threads.submit(churn));
            for (Future<Integer> result : results) assertThat(result.get(30, TimeUnit.SECONDS)).isZero();
        }
        List<Integer> left = new ArrayList<>();
        for (int packet = ring.take(); packet != NONE; packet = ring.take()) left.add(packet);
        assertThat(left).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
    }
}
