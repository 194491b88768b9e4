package io.millrace.packet.memory;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BurstTest {

    @Test
    void keepsOrderThroughEveryChange() {
        long seed = Seeds.next();
        var random = new Random(seed);
        var burst = new Burst();
        List<Integer> model = new ArrayList<>();
        for (int step = 0; step < 10_000; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    for (int i = random.nextInt(burst.room() + 1); i > 0; i--) {
                        int packet = random.nextInt();
                        burst.add(packet);
                        model.add(packet);
                    }
                }
                case 2 -> {
                    int keptCount = random.nextInt(burst.count() + 1);
                    burst.truncate(keptCount);
                    model = new ArrayList<>(model.subList(0, keptCount));
                }
                case 3 -> {
                    int goneCount = random.nextInt(burst.count() + 1);
                    burst.removeFirst(goneCount);
                    model = new ArrayList<>(model.subList(goneCount, model.size()));
                }
                default -> {
                    if (burst.count() == 0) continue;
                    int index = random.nextInt(burst.count());
                    burst.packet(index, step);
                    model.set(index, step);
                }
            }
            assertThat(contents(burst)).as("seed=%d, step %d", seed, step).isEqualTo(model);
            assertThat(burst.room()).isEqualTo(64 - model.size());
        }
    }

    @Test
    void holdsSixtyFourAndNoMore() {
        var burst = new Burst();
        for (int i = 0; i < 64; i++) {
            burst.add(i);
        }
        assertThat(burst.room()).isZero();
        assertThatThrownBy(() -> burst.add(64)).isInstanceOf(IndexOutOfBoundsException.class);
        burst.clear();
        assertThat(burst.count()).isZero();
    }

    @Test
    void packetsBehindItsCountAreNotItsOwn() {
        var burst = new Burst();
        burst.add(7);
        burst.truncate(0);
        assertThatThrownBy(() -> burst.packet(0)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> burst.truncate(1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> burst.removeFirst(1)).isInstanceOf(AssertionError.class);
    }

    static List<Integer> contents(Burst burst) {
        List<Integer> packets = new ArrayList<>();
        for (int i = 0; i < burst.count(); i++) {
            packets.add(burst.packet(i));
        }
        return packets;
    }
}
