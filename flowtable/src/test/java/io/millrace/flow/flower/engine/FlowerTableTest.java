package io.millrace.flow.flower.engine;

import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.FieldMatch;
import io.millrace.flow.flower.FlowerField;
import io.millrace.flow.flower.FlowerMatch;
import io.millrace.testkit.Allocation;
import io.millrace.testkit.Frame;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import static io.millrace.flow.flower.engine.FlowerScene.filter;
import static io.millrace.flow.flower.engine.FlowerScene.gact;
import static org.assertj.core.api.Assertions.assertThat;

class FlowerTableTest {

    private static final int IPV4 = 0x0800;
    private static final int RULES = 130_000;   // of which some would be the same

    /// A prefix of one of 16 lengths, so of one of 16 shapes.
    private static FlowerMatch target(int address, int shape) {
        return FlowerScene.match(IPV4, Map.of(FlowerField.TARGET_ADDRESS,
            FieldMatch.of(address & 0xffff_ffffL, 0xffff_ffffL << shape & 0xffff_ffffL)));
    }

    private static byte[] frameTo(int address) {
        String text = (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "."
            + (address & 255);
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", text).udp(1, 2).payloadOf(8)
            .bytes();
    }

    @Test
    void findsEachOfAHundredThousandAndNoneOfThoseRemoved() {
        var scene = new FlowerScene();
        List<FlowerRule> rules = new ArrayList<>();
        for (int i = 0; i < RULES; i++) {
            int shape = i % 16;
            // Each shape has a first byte of its own, so that no wider prefix hides a narrower one.
            int number = i >>> 4;
            int address = 1 + shape << 24 | number << shape & 0x00ff_ffff;
            boolean isNew = number < 1 << 24 - shape;
            if (!isNew) continue;
            rules.add(scene.add(filter(0, 1, IPV4, i + 1, target(address, shape), gact(ActionControl.DROP))));
        }
        assertThat(rules).hasSizeGreaterThan(100_000);
        var random = new SplittableRandom(1);
        for (int i = 0; i < 2_000; i++) {
            FlowerRule rule = rules.get(random.nextInt(rules.size()));
            int address = (int) rule.match().field(FlowerField.TARGET_ADDRESS).low();
            long before = rule.counters(0).packets();
            assertThat(scene.classify(frameTo(address))).isEqualTo(FlowerVerdict.DROPPED);
            assertThat(rule.counters(0).packets()).isEqualTo(before + 1);
        }
        for (int i = 0; i < rules.size(); i += 2) scene.table.remove(rules.get(i));
        for (int i = 0; i < 2_000; i++) {
            int place = random.nextInt(rules.size());
            int address = (int) rules.get(place).match().field(FlowerField.TARGET_ADDRESS).low();
            assertThat(scene.classify(frameTo(address))).as("rule %d", place)
                .isEqualTo(place % 2 == 0 ? FlowerVerdict.PASSED : FlowerVerdict.DROPPED);
        }
        assertThat(scene.table.ruleCount()).isEqualTo(rules.size() / 2);
    }

    @Test
    void allocatesNothingPerPacket() {
        var scene = new FlowerScene();
        for (int i = 0; i < 64; i++) {
            scene.add(filter(0, 1 + i % 3, IPV4, i + 1, target(0x0a000000 + (i << 4), i % 5),
                gact(i % 2 == 0 ? ActionControl.CONTINUE : ActionControl.gotoChain(1))));
        }
        scene.add(filter(1, 1, IPV4, 1, FlowerMatch.ANY, gact(ActionControl.PASS)));
        byte[][] frames = new byte[32][];
        for (int i = 0; i < frames.length; i++) frames[i] = frameTo(0x0a000000 + i * 37);
        assertThat(Allocation.bytesOnceWarm(() -> {
            for (int round = 0; round < 500; round++) {
                for (byte[] frame : frames) scene.classify(frame);
            }
        })).isZero();
    }
}
