package io.millrace.flow.flower.block;

import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.FieldMatch;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.flow.flower.FlowerField;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerPlace;
import io.millrace.flow.flower.FlowerFlags;
import io.millrace.flow.flower.FlowerRefusal;
import io.millrace.flow.flower.KeyRules;
import io.millrace.flow.flower.engine.FlowerRule;
import io.millrace.flow.flower.engine.FlowerTable;
import io.millrace.flow.ruleset.Errno;
import io.millrace.packet.memory.PacketMemory;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/// Hardware's part; what commands say and show is tested with the commands.
class FlowerBlockTest {

    /// Takes so many filters, and refuses by name what comes then.
    private static final class Card implements FlowerOffload {
        final Map<Integer, Integer> generations = new HashMap<>();
        final List<String> calls = new ArrayList<>();
        int room = 2;

        @Override
        public FlowerRefusal add(int slot, int generation, FlowerFilter filter, FlowerPlace place) {
            calls.add("add " + slot + "/" + generation);
            if (generations.size() == room) return new FlowerRefusal(Errno.NO_SPACE, "filter table is full");
            generations.put(slot, generation);
            return null;
        }

        @Override
        public void remove(int slot, int generation) {
            calls.add("remove " + slot + "/" + generation);
            generations.remove(slot, generation);
        }

        @Override
        public boolean statistics(int slot, int generation, HardwareCounts counts) {
            if (!Integer.valueOf(generation).equals(generations.get(slot))) return false;
            counts.set(7, 700, 5);
            return true;
        }
    }

    private final FlowerTable table =
        new FlowerTable(new PacketMemory(Arena.ofAuto(), 1), true, false, (_, _) -> true, null);
    private final Card card = new Card();
    private final List<String> told = new ArrayList<>();
    private boolean isWorkerGone;
    private final FlowerBlock block = new FlowerBlock(new FlowerSoftware() {
        @Override
        public FlowerRule add(FlowerFilter filter, boolean isInHardware) {
            if (isWorkerGone) throw new IllegalStateException("the worker does not answer");
            return table.add(filter, 0);
        }

        @Override
        public FlowerRule replace(FlowerRule old, FlowerFilter filter, boolean isInHardware) {
            return table.replace(old, filter, 0);
        }

        @Override
        public void inHardware(List<FlowerRule> rules, boolean yes) {
            rules.forEach(rule -> told.add((yes ? "in " : "out ") + rule.filter().handle()));
        }

        @Override
        public void remove(List<FlowerRule> rules) {
            rules.forEach(table::remove);
        }
    }, card, new ActionIndexes());

    private static FlowerRequest request(FlowerRequest.Verb verb, int handle, int address, FlowerFlags flags) {
        var match = KeyRules.match(0x800, Map.of(FlowerField.SOURCE_ADDRESS, FieldMatch.of(address, 0xffff_ffffL)),
            Optional.empty(), Optional.empty());
        return new FlowerRequest(verb, 0, 1, 0x800, handle, 0, match,
            List.of(new FlowerAction.Gact(ActionControl.DROP)), flags);
    }

    private FlowerEntry add(int address, FlowerFlags flags) {
        return block.put(request(FlowerRequest.Verb.ADD, 0, address, flags));
    }

    @Test
    void asksHardwareUnlessItIsToBeSkipped() {
        assertThat(add(1, FlowerFlags.SKIP_HARDWARE).isInHardware()).isFalse();
        assertThat(add(2, FlowerFlags.NONE).isInHardware()).isTrue();
        assertThat(add(3, FlowerFlags.SKIP_SOFTWARE).isInHardware()).isTrue();
        assertThat(add(4, FlowerFlags.NONE).isInHardware()).as("hardware is full").isFalse();
        assertThat(block.reason()).isEmpty();
        add(5, new FlowerFlags(false, false, true));
        assertThat(block.reason()).isEqualTo("filter table is full");
        FlowerRefusal refusal = catchThrowableOfType(FlowerRefusal.class, () -> add(6, FlowerFlags.SKIP_SOFTWARE));
        assertThat(refusal).hasMessage("filter table is full");
        assertThat(refusal.errno()).isEqualTo(Errno.NO_SPACE);
        assertThat(block.entries()).hasSize(5);
        assertThat(table.ruleCount()).isEqualTo(5);
    }

    @Test
    void usesSlotsAgainWithAnotherGeneration() {
        FlowerEntry first = add(1, FlowerFlags.NONE);
        block.remove(0, 1, 0, 1);
        FlowerEntry second = add(2, FlowerFlags.NONE);
        assertThat(second.slot()).isEqualTo(first.slot());
        assertThat(second.generation()).isNotEqualTo(first.generation());
        assertThat(block.hardwareCounts(second, new HardwareCounts())).isTrue();
        assertThat(block.hardwareCounts(first, new HardwareCounts())).as("old name").isFalse();
    }

    @Test
    void replacesInHardwareBeforeTheOldOneGoes() {
        FlowerEntry old = add(1, FlowerFlags.NONE);
        FlowerEntry replaced = block.put(request(FlowerRequest.Verb.REPLACE, 1, 9, FlowerFlags.NONE));
        assertThat(card.calls).containsExactly("add 0/1", "add 1/1", "remove 0/1");
        assertThat(replaced.filter().handle()).isEqualTo(old.filter().handle());
        assertThat(card.generations).containsOnlyKeys(replaced.slot());
        assertThat(block.clear()).hasSize(1);
        assertThat(card.generations).isEmpty();
    }

    @Test
    void takesItBackFromHardwareIfSoftwareFails() {
        isWorkerGone = true;
        catchThrowableOfType(IllegalStateException.class, () -> add(1, FlowerFlags.NONE));
        assertThat(card.generations).isEmpty();
        assertThat(block.entries()).isEmpty();
    }

    @Test
    void leavesHardwareAndIsOfferedAgain() {
        add(1, FlowerFlags.NONE);
        add(2, FlowerFlags.SKIP_HARDWARE);
        add(3, FlowerFlags.SKIP_SOFTWARE);
        assertThat(block.leaveHardware()).isEqualTo(2);
        assertThat(card.generations).isEmpty();
        assertThat(block.entries()).noneMatch(FlowerEntry::isInHardware);
        card.room = 1;
        assertThat(block.enterHardware(10)).as("all were offered").isTrue();
        assertThat(block.entries().stream().map(FlowerEntry::isInHardware)).as("as many as it has room for")
            .containsExactly(true, false, false);
        assertThat(told).containsExactly("out 1", "out 3", "in 1");
    }

    @Test
    void isOfferedAFewAtATimeInOrderAndWithoutThoseThatHaveGoneMeanwhile() {
        card.room = 5;
        for (int number = 1; number <= 5; number++) add(number, FlowerFlags.NONE);
        block.leaveHardware();
        card.calls.clear();
        assertThat(block.enterHardware(2)).isFalse();
        assertThat(card.calls).containsExactly("add 0/1", "add 1/1");
        FlowerFilter third = block.entries().get(2).filter();
        block.remove(third.chain(), third.priority(), third.protocol(), third.handle());
        assertThat(block.enterHardware(1)).isFalse();
        assertThat(block.enterHardware(1)).isTrue();
        assertThat(card.calls).containsExactly("add 0/1", "add 1/1", "add 3/1", "add 4/1");
        assertThat(block.entries()).hasSize(4).allMatch(FlowerEntry::isInHardware);
    }
}
