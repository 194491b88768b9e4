package io.millrace.flow.rules;

import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.FieldType;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Value;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a [LookupSet] held at one moment, as arrays that nobody changes any more; [#elements] says it in the words of a
/// ruleset.
///
/// @param definition of the set as it was compiled
/// @param exact      the keys, or null where elements have the numbers that they have in the definition
/// @param expiresNs  by element, or null; [LookupSet#NEVER]
/// @param otherwise  number of the element that is found when no other is, or [LookupSet#NONE]
record SetCopy(ElementSet definition, ElementTable.KeyCopy exact, int[] data, int dataWords, long[] cells,
               List<Statement> templates, long[] expiresNs, long[] livesNs, long lifeNs, int otherwise, long nowNs) {

    private static final long NS_PER_MS = 1_000_000;

    /// An element, and the words of its key where it is found by them; else null.
    record CopiedElement(Element element, int[] key) {
    }

    /// The living elements: first those of the definition in their order, then those that packets added.
    List<CopiedElement> elements(RuleInterfaces interfaces) throws NotExecutable {
        List<CopiedElement> living = new ArrayList<>();
        Map<IntBuffer, Integer> numbers = exact == null ? Map.of() : exact.living();
        Map<IntBuffer, Integer> left = new HashMap<>(numbers);
        for (int i = 0; i < definition.elements().size(); i++) {
            Element defined = definition.elements().get(i);
            int[] key = null;
            Integer number = i;
            if (defined.key() instanceof Value.Everything) {
                number = otherwise;
            } else if (exact != null) {
                key = key(defined.key(), interfaces);
                number = numbers.get(IntBuffer.wrap(key));
                left.remove(IntBuffer.wrap(key));
            }
            if (number != null && !isOver(number)) {
                living.add(new CopiedElement(element(defined.key(), defined.data(), defined.comment(), number), key));
            }
        }
        for (var entry : left.entrySet()) {
            int number = entry.getValue();
            if (isOver(number)) continue;
            int[] key = entry.getKey().array();
            Value value = dataWords == 0 || definition.data().isEmpty() ? null
                : value(definition.data(), data, number * dataWords, interfaces);
            living.add(new CopiedElement(
                element(value(definition.key(), key, 0, interfaces), value, "", number), key));
        }
        return living;
    }

    private boolean isOver(int number) {
        return expiresNs != null && expiresNs[number] != LookupSet.NEVER && expiresNs[number] - nowNs <= 0;
    }

    private Element element(Value key, Value value, String comment, int number) {
        long timeoutMs = 0;
        long leftMs = 0;
        if (expiresNs != null && expiresNs[number] != LookupSet.NEVER) {
            leftMs = Math.max(1, (expiresNs[number] - nowNs) / NS_PER_MS);
            timeoutMs = livesNs[number] == lifeNs ? 0 : livesNs[number] / NS_PER_MS;
        }
        List<Statement> counted = new ArrayList<>();
        for (int i = 0; i < templates.size(); i++) {
            counted.add(Cells.statement(cells, (number * templates.size() + i) * Cells.CELL_WORDS, templates.get(i)));
        }
        return new Element(key, value, timeoutMs, leftMs, comment, counted);
    }

    private int[] key(Value key, RuleInterfaces interfaces) throws NotExecutable {
        List<Value> parts = key instanceof Value.Tuple(List<Value> several) ? several : List.of(key);
        int[] words = new int[exact.keyWords()];
        int at = 0;
        for (int i = 0; i < parts.size(); i++) {
            int count = Math.max(1, Words.count(definition.key().get(i).bits()));
            Words.of(Constants.span(parts.get(i), interfaces, count).low(), count, words, at);
            at += count;
        }
        return words;
    }

    /// Registers as the value that they hold.
    private static Value value(List<FieldType> fields, int[] words, int from, RuleInterfaces interfaces) {
        List<Value> parts = new ArrayList<>();
        int at = from;
        for (FieldType field : fields) {
            int count = Math.max(1, Words.count(field.bits()));
            parts.add(value(field, words, at, count, interfaces));
            at += count;
        }
        return parts.size() == 1 ? parts.getFirst() : new Value.Tuple(parts);
    }

    private static Value value(FieldType field, int[] words, int at, int count, RuleInterfaces interfaces) {
        if (field.type() == DataType.IFNAME) {
            ByteBuffer bytes = ByteBuffer.allocate(count * Integer.BYTES);
            for (int i = 0; i < count; i++) bytes.putInt(words[at + i]);
            String name = new String(bytes.array(), StandardCharsets.UTF_8);
            int end = name.indexOf('\0');
            return new Value.Text(field.type(), field.bits(), end < 0 ? name : name.substring(0, end), false);
        }
        if (field.type() == DataType.IFACE_INDEX && interfaces.has(words[at])) {
            return new Value.Text(field.type(), field.bits(), interfaces.name(words[at]), false);
        }
        BigInteger number = BigInteger.ZERO;
        for (int i = 0; i < count; i++) {
            number = number.shiftLeft(Integer.SIZE).or(BigInteger.valueOf(Integer.toUnsignedLong(words[at + i])));
        }
        return new Value.Number(field.type(), field.bits(), number);
    }
}
