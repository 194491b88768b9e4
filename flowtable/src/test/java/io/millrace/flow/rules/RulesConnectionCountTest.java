package io.millrace.flow.rules;

import io.millrace.flow.ruleset.ElementSet.Flag;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.ruleset.Protocol;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.SetUse;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Statement.SetOperation;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Seeds;
import io.millrace.testkit.TcpLayer;
import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import static io.millrace.flow.rules.RuleParts.DROP;
import static io.millrace.flow.rules.RuleParts.field;
import static io.millrace.flow.rules.RuleParts.named;
import static io.millrace.flow.rules.RuleParts.type;
import static org.assertj.core.api.Assertions.assertThat;

/// `ct count`, alone and of a set's elements: how many connections there are, not how many packets.
class RulesConnectionCountTest {

    private static final Expression SOURCE = field(Protocol.IP, "saddr");
    private static final String SERVER = "198.51.100.80";

    private final RuleScene scene = new RuleScene(5);

    private static Ruleset rule(long count, boolean isOver) {
        return OneTable.rule(Family.INET, new Statement.ConnectionCount(count, isOver), DROP);
    }

    private static Ruleset bySource(long count, int size) {
        var set = named("s", List.of(type(SOURCE)), List.of(), size, 0, Set.of(Flag.DYNAMIC), List.of(), List.of());
        var update = new Statement.UpdateSet(SetOperation.ADD, new SetUse.Named("s"), SOURCE, null, 0,
            List.of(new Statement.ConnectionCount(count, true)));
        return new OneTable(Family.INET).set(set).base("c", Hook.FORWARD, 0, true, List.of(update, DROP)).ruleset();
    }

    private static TcpLayer tcp(String source, int port) {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4(source, SERVER).tcp(port, 80)
            .sequence(100);
    }

    /// True if the packet goes on, and with it its connection.
    private boolean passes(byte[] frame) {
        scene.receive(frame).track(false);
        boolean passes = scene.forward() == RuleVerdict.ACCEPTED;
        if (passes) scene.table.confirm(scene.tracked, scene.nowNs);
        scene.table.release(scene.tracked);
        return passes;
    }

    private boolean opens(String source, int port) {
        return passes(tcp(source, port).syn().bytes());
    }

    private void reset(String source, int port) {
        scene.receive(tcp(source, port).rst().bytes()).track(true);
    }

    @Test
    void dropsWhatWouldBeOneTooMany() throws NotExecutable {
        scene.load(rule(3, true));
        assertThat(opens("10.0.0.1", 1)).isTrue();
        assertThat(opens("10.0.0.1", 2)).isTrue();
        assertThat(opens("10.0.0.2", 1)).isTrue();
        assertThat(opens("10.0.0.3", 1)).isFalse();
        assertThat(opens("10.0.0.1", 1)).as("an old one").isTrue();
        reset("10.0.0.1", 2);
        assertThat(opens("10.0.0.3", 1)).isTrue();
        assertThat(opens("10.0.0.4", 1)).isFalse();
    }

    @Test
    void matchesUpToTheCountWithoutOver() throws NotExecutable {
        scene.load(rule(2, false));
        assertThat(opens("10.0.0.1", 1)).as("dropped at 1, so none begins").isFalse();
        assertThat(opens("10.0.0.1", 2)).isFalse();
        scene.load(new OneTable(Family.INET).base("c", Hook.FORWARD, 0, false,
            List.of(new Statement.ConnectionCount(2, false), RuleParts.ACCEPT)).ruleset());
        assertThat(opens("10.0.0.1", 1)).isTrue();
        assertThat(opens("10.0.0.1", 2)).isTrue();
        assertThat(opens("10.0.0.1", 3)).isFalse();
    }

    @Test
    void forgetsConnectionsWhoseTimeIsOver() throws NotExecutable {
        scene.load(rule(1, true));
        assertThat(opens("10.0.0.1", 1)).isTrue();
        assertThat(opens("10.0.0.1", 2)).isFalse();
        scene.nowNs += 121_000_000_000L;
        assertThat(opens("10.0.0.1", 2)).isTrue();
    }

    @Test
    void packetsWithoutAConnectionCountForThemselves() throws NotExecutable {
        scene.load(rule(1, true));
        for (int i = 0; i < 3; i++) {
            scene.receive(tcp("10.0.0.1", 5).bytes());
            assertThat(scene.forward()).isEqualTo(RuleVerdict.ACCEPTED);
        }
        assertThat(opens("10.0.0.1", 1)).isTrue();
        scene.receive(tcp("10.0.0.1", 5).bytes());
        assertThat(scene.forward()).isEqualTo(RuleVerdict.DROPPED);
    }

    @Test
    void everyElementCountsItsOwn() throws NotExecutable {
        scene.load(bySource(2, 10));
        for (String source : List.of("10.0.0.1", "10.0.0.2")) {
            assertThat(opens(source, 1)).isTrue();
            assertThat(opens(source, 2)).isTrue();
            assertThat(opens(source, 3)).isFalse();
        }
    }

    @Test
    void elementsWithoutConnectionsMakeRoom() throws NotExecutable {
        scene.load(bySource(2, 2));
        LookupSet set = scene.program.set(Family.INET, "t", "s");
        opens("10.0.0.1", 1);
        opens("10.0.0.2", 1);
        scene.program.sweep(scene.nowNs, 100);
        assertThat(set.count()).isEqualTo(2);
        reset("10.0.0.1", 1);
        scene.program.sweep(scene.nowNs, 100);
        assertThat(set.count()).isEqualTo(1);
        assertThat(opens("10.0.0.3", 1)).isTrue();
        assertThat(set.count()).isEqualTo(2);
    }

    @Test
    void goesOnCountingWithTheNextRuleset() throws NotExecutable {
        scene.load(rule(2, true));
        opens("10.0.0.1", 1);
        opens("10.0.0.1", 2);
        scene.load(rule(2, true));
        assertThat(opens("10.0.0.1", 3)).isFalse();
        scene.load(bySource(2, 10));
        opens("10.0.0.1", 3);
        opens("10.0.0.1", 4);
        scene.load(bySource(2, 20));
        assertThat(opens("10.0.0.1", 5)).isFalse();
        scene.load(rule(3, true));
        assertThat(opens("10.0.0.1", 5)).as("another bound begins anew").isTrue();
    }

    /// Beginnings and ends in any order, beside a map of sets.
    @Test
    void countsWhatANaiveCountCounts() throws NotExecutable {
        long seed = Seeds.next();
        var random = new Random(seed);
        scene.load(bySource(5, 16));
        Map<String, Set<Integer>> open = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            scene.nowNs += 1_000_000;
            String source = "10.0.0." + random.nextInt(12);
            int port = 1 + random.nextInt(12);
            Set<Integer> ports = open.computeIfAbsent(source, _ -> new HashSet<>());
            if (random.nextInt(3) == 0) {
                if (ports.remove(port)) reset(source, port);
            } else {
                boolean isRoom = ports.contains(port) || ports.size() < 5;
                assertThat(opens(source, port)).as("%s:%d beside %s, step %d, seed %d", source, port, ports, i, seed)
                    .isEqualTo(isRoom);
                if (isRoom) ports.add(port);
            }
            if (random.nextInt(50) == 0) scene.program.sweep(scene.nowNs, 4);
            if (i % 64 == 0) scene.table.sweep(scene.nowNs, 0);
        }
    }
}
