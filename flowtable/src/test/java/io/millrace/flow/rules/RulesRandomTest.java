package io.millrace.flow.rules;

import io.millrace.flow.ruleset.Chain;
import io.millrace.flow.ruleset.Rule;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Table;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// Random rulesets do to random packets what the naive reading of the model does.
class RulesRandomTest {

    private static final int RULESETS = 400;
    private static final int PACKETS = 60;

    private final long seed = Seeds.next();

    @Test
    void doesWhatTheModelSays() throws NotExecutable {
        int rulesets = Seeds.isFull() ? 50 * RULESETS : RULESETS;
        Map<RuleVerdict, Integer> seen = new HashMap<>();
        for (int i = 0; i < rulesets; i++) {
            var random = new Random(seed + i);
            compare(new RandomRules(random), seed + i, seen);
        }
        assertThat(seen.keySet())
            .contains(RuleVerdict.ACCEPTED, RuleVerdict.DROPPED, RuleVerdict.POLICY_DROPPED);
        seen.values().forEach(count -> assertThat(count).isGreaterThan(rulesets));
    }

    private static void compare(RandomRules rules, long seed, Map<RuleVerdict, Integer> seen) throws NotExecutable {
        Ruleset ruleset = rules.ruleset();
        var naive = new NaiveRules(ruleset);
        var scene = new RuleScene(seed).load(ruleset);
        for (int i = 0; i < PACKETS; i++) {
            byte[] frame = rules.packet();
            scene.receive(frame);
            boolean isUntracked = i % 3 == 0;
            if (isUntracked) scene.tracked.untracked();
            RuleVerdict expected = naive.forward(frame, isUntracked ? 64 : 1);
            String about = "seed " + seed + ", packet " + i + ", " + ruleset;
            assertThat(scene.forward()).as(about).isEqualTo(expected);
            assertThat(scene.meta.mark(RuleScene.PACKET)).as(about).isEqualTo(naive.mark());
            seen.merge(expected, 1, Integer::sum);
        }
        Table table = ruleset.tables().values().iterator().next();
        for (Chain chain : table.chains().values()) {
            for (Rule rule : chain.rules()) assertCounted(scene, naive, table, rule);
        }
    }

    private static void assertCounted(RuleScene scene, NaiveRules naive, Table table, Rule rule) {
        List<Statement> statements = rule.statements();
        for (int i = 0; i < statements.size(); i++) {
            if (!(statements.get(i) instanceof Statement.Counter counter)) continue;
            assertThat(scene.program.rulePackets(table.family(), table.name(), rule.handle(), i))
                .as("%s", rule).isEqualTo(naive.packets(counter));
        }
    }
}
