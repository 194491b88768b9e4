package io.millrace.nic.sim.eswitch;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class MacTableTest {

    private static final int SIDES = 4;

    /// Held against maps and queues that say the same in other words.
    @Test
    void findsWhatAHashMapWouldUnderRandomLearning() {
        long seed = Seeds.next();
        var random = new Random(seed);
        var table = new MacTable(SIDES);
        Map<Long, Integer> given = new HashMap<>();
        Map<Long, Integer> learned = new HashMap<>();
        List<Deque<Long>> heard = new ArrayList<>();
        for (int i = 0; i < SIDES; i++) heard.add(new ArrayDeque<>());
        for (int i = 0; i < 40; i++) {
            long address = address(random.nextInt(1_000));
            int side = random.nextInt(SIDES);
            assertThat(table.give(address, side)).isTrue();
            given.put(address, side);
        }
        for (int step = 0; step < 20_000; step++) {
            long address = address(random.nextInt(1_000));
            int side = random.nextInt(SIDES);
            table.learn(address, side);
            boolean isNew = !given.containsKey(address) && !Integer.valueOf(side).equals(learned.get(address));
            if (isNew) {
                Integer before = learned.get(address);
                if (before != null) heard.get(before).remove(address);
                if (heard.get(side).size() == MacTable.LEARNED_MAX) {
                    learned.remove(heard.get(side).remove());
                }
                heard.get(side).add(address);
                learned.put(address, side);
            }
            long asked = address(random.nextInt(1_000));
            int expected = given.getOrDefault(asked, learned.getOrDefault(asked, MacTable.UNKNOWN));
            assertThat(table.side(asked)).as("step %d, seed %d", step, seed).isEqualTo(expected);
        }
        table.forgetLearned();
        for (int i = 0; i < 1_000; i++) {
            assertThat(table.side(address(i))).isEqualTo(given.getOrDefault(address(i), MacTable.UNKNOWN));
        }
    }

    @Test
    void aSideThatIsHeardWithEverNewAddressesTakesNobodysRoom() {
        var table = new MacTable(SIDES);
        table.learn(address(1), 0);
        for (int i = 2; i < 100_000; i++) table.learn(address(i), 1);
        assertThat(table.side(address(1))).isZero();
        assertThat(table.side(address(99_999))).isEqualTo(1);
        assertThat(table.side(address(2))).isEqualTo(MacTable.UNKNOWN);
    }

    @Test
    void whatWasGivenIsNotLearnedAway() {
        var table = new MacTable(SIDES);
        table.give(address(1), 2);
        table.learn(address(1), 0);
        assertThat(table.side(address(1))).isEqualTo(2);
    }

    private static long address(int number) {
        return 0x0200_0000_0000L + number;
    }
}
