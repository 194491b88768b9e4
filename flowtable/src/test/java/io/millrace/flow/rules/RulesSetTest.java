package io.millrace.flow.rules;

import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet.Flag;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.FieldType;
import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.ruleset.MetaKey;
import io.millrace.flow.ruleset.Protocol;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.SetUse;
import io.millrace.flow.ruleset.Statement.SetOperation;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Value;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import static io.millrace.flow.rules.RuleParts.COUNTER;
import static io.millrace.flow.rules.RuleParts.DROP;
import static io.millrace.flow.rules.RuleParts.field;
import static io.millrace.flow.rules.RuleParts.named;
import static io.millrace.flow.rules.RuleParts.number;
import static io.millrace.flow.rules.RuleParts.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Sets large and small, of every kind, against a look at all their elements.
class RulesSetTest {

    private static final int ELEMENTS = 10_000;
    private static final int LOOKUPS = 20_000;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final Expression SOURCE = field(Protocol.IP, "saddr");
    private static final Expression PORT = field(Protocol.TCP, "dport");
    private static final SetUse S = new SetUse.Named("s");

    private final long seed = Seeds.next();
    private final Random random = new Random(seed);
    private final RuleScene scene = new RuleScene(seed);

    private static byte[] from(long address, int port) {
        String text = (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "."
            + (address & 255);
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4(text, "10.0.0.2").tcp(1, port).syn()
            .bytes();
    }

    private boolean drops(long address, int port) {
        return scene.receive(from(address, port)).forward() == RuleVerdict.DROPPED;
    }

    private static Ruleset lookup(Set<Flag> flags, Expression key, List<FieldType> types, List<Element> elements) {
        return new OneTable(Family.INET).set(named("s", types, List.of(), 0, 0, flags, List.of(), elements))
            .base("c", Hook.FORWARD, 0, true, List.of(new Statement.Lookup(key, false, S), DROP)).ruleset();
    }

    @Test
    void findsEachOfTenThousandAddressesAndNoOther() throws NotExecutable {
        Set<Long> held = new TreeSet<>();
        // Close together, so that a bad hash would show.
        while (held.size() < ELEMENTS) held.add(0x0a00_0000L + random.nextInt(4 * ELEMENTS));
        List<Element> elements = new ArrayList<>();
        for (long address : held) elements.add(Element.of(number(SOURCE, address), null));
        scene.load(lookup(Set.of(), SOURCE, List.of(type(SOURCE)), elements));
        for (int i = 0; i < LOOKUPS; i++) {
            long address = 0x0a00_0000L + random.nextInt(4 * ELEMENTS);
            assertThat(drops(address, 1)).as("%x", address).isEqualTo(held.contains(address));
        }
    }

    @Test
    void findsTheIntervalOfTenThousand() throws NotExecutable {
        List<Element> elements = new ArrayList<>();
        boolean[] isHeld = new boolean[10 * ELEMENTS];
        for (int i = 0; i < ELEMENTS; i++) {
            int low = 10 * i + random.nextInt(5);
            int high = low + random.nextInt(5);
            for (int each = low; each <= high; each++) isHeld[each] = true;
            elements.add(Element.of(RuleParts.range(SOURCE, 0xbfff_0000L + low, 0xbfff_0000L + high), null));
        }
        scene.load(lookup(Set.of(Flag.INTERVAL), SOURCE, List.of(type(SOURCE)), elements));
        for (int i = 0; i < LOOKUPS; i++) {
            int at = random.nextInt(isHeld.length);
            assertThat(drops(0xbfff_0000L + at, 1)).as("%d", at).isEqualTo(isHeld[at]);
        }
    }

    private record Box(long low, long high, int portLow, int portHigh, int mark) {
        boolean holds(long address, int port) {
            return address >= low && address <= high && port >= portLow && port <= portHigh;
        }
    }

    @Test
    void findsTheFirstBoxOfAThousandConcatenatedIntervals() throws NotExecutable {
        List<Box> boxes = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            long low = 0x0a00_0000L + random.nextInt(60_000);
            int portLow = random.nextInt(65_000);
            boxes.add(new Box(low, low + random.nextInt(300), portLow, portLow + random.nextInt(536), i));
        }
        Expression mark = new Expression.Meta(MetaKey.MARK);
        List<Element> elements = new ArrayList<>();
        for (Box box : boxes) {
            elements.add(Element.of(new Value.Tuple(List.of(RuleParts.range(SOURCE, box.low, box.high),
                RuleParts.range(PORT, box.portLow, box.portHigh))), number(mark, box.mark + 1)));
        }
        var key = new Expression.Concat(List.of(SOURCE, PORT));
        var map = named("s", List.of(type(SOURCE), type(PORT)), List.of(type(mark)), 0, 0, Set.of(Flag.INTERVAL),
            List.of(), elements);
        var set = new Statement.SetMeta(MetaKey.MARK,
            new Expression.Mapped(key, S, DataType.MARK, 32));
        scene.load(new OneTable(Family.INET).set(map).base("c", Hook.FORWARD, 0, true, List.of(set)).ruleset());
        int hits = 0;
        for (int i = 0; i < LOOKUPS; i++) {
            Box near = boxes.get(random.nextInt(boxes.size()));
            long address = near.low - 5 + random.nextInt(320);
            int port = Math.clamp(near.portLow - 5 + random.nextInt(560), 0, 65_535);
            int expected = 0;
            for (int each = boxes.size() - 1; each >= 0; each--) {
                if (boxes.get(each).holds(address, port)) expected = boxes.get(each).mark + 1;
            }
            scene.receive(from(address, port)).forward();
            assertThat(scene.meta.mark(RuleScene.PACKET)).as("%x %d", address, port).isEqualTo(expected);
            if (expected != 0) hits++;
        }
        assertThat(hits).isBetween(LOOKUPS / 8, LOOKUPS - 1);
    }

    private static Ruleset dynamic(SetOperation operation, int size, long timeoutMs, List<Statement> perElement) {
        var set = named("s", List.of(type(SOURCE)), List.of(), size, timeoutMs, Set.of(Flag.DYNAMIC, Flag.TIMEOUT),
            List.of(), List.of());
        var update = new Statement.UpdateSet(operation, S, SOURCE, null, 0, perElement);
        return new OneTable(Family.INET).set(set).base("c", Hook.FORWARD, 0, true,
            List.of(RuleParts.is(PORT, 1), update, DROP),
            List.of(RuleParts.is(PORT, 2), new Statement.Lookup(SOURCE, false, S), DROP)).ruleset();
    }

    @Test
    void keepsWhatPacketsAddUntilItsTimeIsOver() throws NotExecutable {
        scene.load(dynamic(SetOperation.ADD, 100, 10_000, List.of()));
        assertThat(drops(77, 2)).isFalse();
        assertThat(drops(77, 1)).isTrue();
        assertThat(drops(77, 2)).isTrue();
        assertThat(drops(78, 2)).isFalse();
        scene.nowNs += 6 * SECOND_NS;
        assertThat(drops(77, 1)).isTrue();
        scene.nowNs += 4 * SECOND_NS;
        // Adding again has not refreshed it.
        assertThat(drops(77, 2)).isFalse();
        assertThat(drops(77, 1)).isTrue();
        assertThat(drops(77, 2)).isTrue();
    }

    @Test
    void refreshesWithUpdate() throws NotExecutable {
        scene.load(dynamic(SetOperation.UPDATE, 100, 10_000, List.of()));
        drops(77, 1);
        scene.nowNs += 6 * SECOND_NS;
        drops(77, 1);
        scene.nowNs += 6 * SECOND_NS;
        assertThat(drops(77, 2)).isTrue();
        scene.nowNs += 4 * SECOND_NS;
        assertThat(drops(77, 2)).isFalse();
    }

    @Test
    void endsTheRuleWhenTheSetIsFull() throws NotExecutable {
        scene.load(dynamic(SetOperation.ADD, 3, 10_000, List.of()));
        for (int i = 0; i < 3; i++) assertThat(drops(i, 1)).isTrue();
        assertThat(drops(3, 1)).isFalse();
        assertThat(drops(2, 1)).isTrue();
        scene.nowNs += 10 * SECOND_NS;
        assertThat(drops(3, 1)).isTrue();
        assertThat(scene.program.set(Family.INET, "t", "s").count()).isEqualTo(1);
    }

    @Test
    void limitsEachElementByItself() throws NotExecutable {
        scene.load(dynamic(SetOperation.UPDATE, 100, 10_000, List.of(new Statement.Limit(1, 1, 3, false, false))));
        int first = 0;
        int second = 0;
        for (int i = 0; i < 10; i++) {
            if (drops(1, 1)) first++;
            if (drops(2, 1)) second++;
        }
        assertThat(first).isEqualTo(3);
        assertThat(second).isEqualTo(3);
    }

    @Test
    void handsWhatPacketsAddedToTheNextRuleset() throws NotExecutable {
        scene.load(dynamic(SetOperation.ADD, 100, 10_000, List.of(COUNTER)));
        drops(77, 1);
        scene.nowNs += SECOND_NS;
        scene.load(dynamic(SetOperation.ADD, 200, 10_000, List.of(COUNTER)));
        assertThat(drops(77, 2)).isTrue();
        scene.nowNs += 9 * SECOND_NS;
        assertThat(drops(77, 2)).isFalse();
    }

    @Test
    void removesAndAddsAtRandomAsAHashSetDoes() {
        var table = new ElementTable(2, 64, (int) seed);
        var model = new HashMap<Long, Integer>();
        int[] key = new int[2];
        for (int i = 0; i < 200_000; i++) {
            int number = random.nextInt(100);
            key[0] = number >> 3;
            key[1] = number & 7;
            long wide = number;
            assertThat(table.find(key, 0)).isEqualTo(model.getOrDefault(wide, ElementTable.NONE));
            if (model.containsKey(wide)) {
                table.remove(model.remove(wide));
            } else {
                int element = table.insert(key, 0);
                assertThat(element == ElementTable.NONE).isEqualTo(model.size() == 64);
                if (element != ElementTable.NONE) model.put(wide, element);
            }
            assertThat(table.count()).isEqualTo(model.size());
        }
    }

    @Test
    void countsAndLimitsElementsThatAreThereFromTheStart() throws NotExecutable {
        List<Element> elements = List.of(limited(1, 2), limited(2, 4));
        scene.load(lookup(Set.of(), SOURCE, List.of(type(SOURCE)), elements));
        int first = 0;
        int second = 0;
        for (int i = 0; i < 10; i++) {
            if (drops(1, 1)) first++;
            if (drops(2, 1)) second++;
        }
        assertThat(first).isEqualTo(2);
        assertThat(second).isEqualTo(4);
    }

    private static Element limited(long address, int burst) {
        return new Element(number(SOURCE, address), null, 0, 0, "",
            List.of(new Statement.Limit(1, 3_600, burst, false, false)));
    }

    @Test
    void removesWhatAPacketAsksToRemove() throws NotExecutable {
        var set = named("s", List.of(type(SOURCE)), List.of(), 10, 0, Set.of(Flag.DYNAMIC), List.of(), List.of());
        scene.load(new OneTable(Family.INET).set(set).base("c", Hook.FORWARD, 0, true,
            List.of(RuleParts.is(PORT, 1), new Statement.UpdateSet(SetOperation.ADD, S, SOURCE, null, 0, List.of())),
            List.of(RuleParts.is(PORT, 2), new Statement.UpdateSet(SetOperation.DELETE, S, SOURCE, null, 0, List.of())),
            List.of(RuleParts.is(PORT, 3), new Statement.Lookup(SOURCE, false, S), DROP)).ruleset());
        drops(5, 1);
        assertThat(drops(5, 3)).isTrue();
        drops(5, 2);
        assertThat(drops(5, 3)).isFalse();
    }

    @Test
    void refusesIntervalsInASetThatPacketsWrite() {
        var set = named("s", List.of(type(SOURCE)), List.of(), 0, 0, Set.of(Flag.DYNAMIC, Flag.INTERVAL), List.of(),
            List.of(Element.of(RuleParts.range(SOURCE, 1, 5), null)));
        var update = new Statement.UpdateSet(SetOperation.ADD, S, SOURCE, null, 0, List.of());
        Ruleset ruleset = new OneTable(Family.INET).set(set).base("c", Hook.FORWARD, 0, true, List.of(update))
            .ruleset();
        assertThatThrownBy(() -> scene.load(ruleset)).isInstanceOf(NotExecutable.class)
            .hasMessageContaining("set s").hasMessageContaining("intervals");
    }
}
