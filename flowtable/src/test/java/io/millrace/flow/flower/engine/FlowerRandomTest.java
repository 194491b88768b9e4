package io.millrace.flow.flower.engine;

import io.millrace.flow.flower.FlowerFilter;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import static org.assertj.core.api.Assertions.assertThat;

class FlowerRandomTest {

    private static final int WORLDS = 150;
    private static final int STEPS = 60;
    private static final int FRAMES = 20;
    private static final int RULES_MAX = 60;

    @Test
    void decidesAsFiltersTriedOneAfterTheOther() {
        long seed = Seeds.next();
        var random = new SplittableRandom(seed);
        Map<FlowerVerdict, Integer> seen = new EnumMap<>(FlowerVerdict.class);
        for (int world = 0; world < WORLDS; world++) {
            runWorld(new SplittableRandom(random.nextLong()), seen, "seed " + seed + ", world " + world);
        }
        assertThat(seen.keySet()).containsExactlyInAnyOrder(FlowerVerdict.values());
    }

    private static void runWorld(SplittableRandom random, Map<FlowerVerdict, Integer> seen, String where) {
        var source = new RandomFlower(random);
        var scene = new FlowerScene();
        var naive = new NaiveFlower();
        Map<FlowerFilter, FlowerRule> rules = new HashMap<>();
        List<FlowerFilter> living = new ArrayList<>();
        int[] protocols = new int[1 + random.nextInt(4)];
        for (int step = 0; step < STEPS; step++) {
            if (living.size() < RULES_MAX && random.nextInt(3) != 0) {
                FlowerFilter filter = source.filter(step + 1, protocols);
                boolean isTaken = living.stream().anyMatch(each -> each.chain() == filter.chain()
                    && each.priority() == filter.priority() && each.match().hasKeyOf(filter.match()));
                if (isTaken) continue;
                living.add(filter);
                rules.put(filter, scene.add(filter));
                naive.add(filter);
            } else if (!living.isEmpty()) {
                FlowerFilter gone = living.remove(random.nextInt(living.size()));
                scene.table.remove(rules.remove(gone));
                naive.remove(gone);
                naive.hits.remove(gone);
            }
            String state = where + ", filters\n" + text(living);
            for (int i = 0; i < FRAMES; i++) seen.merge(compare(scene, naive, source.frame(), state), 1, Integer::sum);
        }
        rules.forEach((filter, rule) -> {
            if (filter.actions().isEmpty()) return;
            assertThat(rule.counters(0).packets()).as("%s, hits of %s", where, filter)
                .isEqualTo(naive.hits.getOrDefault(filter, 0).longValue());
        });
    }

    private static String text(List<FlowerFilter> filters) {
        return String.join("\n", filters.stream().map(FlowerFilter::toString).toList());
    }

    private static FlowerVerdict compare(FlowerScene scene, NaiveFlower naive, byte[] frame, String world) {
        String where = "frame " + HexFormat.of().formatHex(frame) + ", " + world;
        NaiveFlower.Result wanted = naive.classify(frame, FlowerScene.INTERFACE);
        scene.copies.clear();
        FlowerVerdict verdict = scene.classify(frame);
        assertThat(verdict).as(where).isEqualTo(wanted.verdict());
        assertThat(scene.frame()).as(where).isEqualTo(wanted.frame());
        if (verdict == FlowerVerdict.REDIRECTED) assertThat(scene.table.target()).as(where).isEqualTo(wanted.target());
        assertThat(scene.copies).as(where).usingRecursiveComparison().isEqualTo(wanted.copies());
        return verdict;
    }
}
