package io.millrace.packet.parse.cpr;

import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.parse.graph.Condition;
import io.millrace.packet.parse.graph.Field;
import io.millrace.packet.parse.graph.Length;

import java.util.Arrays;

/// Reads fields, lengths and conditions.
final class FieldReader {

    private static final String[] OPS =
        Arrays.stream(Condition.Op.values()).map(Condition.Op::label).toArray(String[]::new);

    /// `field-off`, `field-len`, `mask`, `from`, as far as the part may have them.
    static Field field(DocumentNode part) {
        int offset = Parts.requiredInt(part, "field-off");
        int bytes = Parts.requiredInt(part, "field-len");
        return Parts.build(part, () -> {
            Field whole = new Field(offset, bytes, 0, origin(part));
            long mask = part.get("mask").map(Parts::unsigned).orElse(Field.allOnes(bytes));
            return new Field(whole.offset(), bytes, mask, whole.from());
        });
    }

    static Field.Origin origin(DocumentNode part) {
        return part.get("from").map(from -> from.asOneOf("start", "end")).orElse("start").equals("end")
            ? Field.Origin.END : Field.Origin.START;
    }

    static Length length(DocumentNode part) {
        part.object("field-off", "field-len", "mask", "from", "right-shift", "multiplier", "add");
        return lengthOf(part);
    }

    /// The length of an option, which has no `from`.
    static Length optionLength(DocumentNode part) {
        part.object("field-off", "field-len", "mask", "right-shift", "multiplier", "add");
        return lengthOf(part);
    }

    private static Length lengthOf(DocumentNode part) {
        Field field = field(part);
        int add = part.get("add").map(node -> node.asInt(Integer.MIN_VALUE, Integer.MAX_VALUE)).orElse(0);
        return Parts.build(part, () -> new Length(field, Parts.intOr(part, "right-shift", 0),
            Parts.intOr(part, "multiplier", 1), add));
    }

    static Condition check(DocumentNode part) {
        part.object("field-off", "field-len", "mask", "from", "op", "value");
        return condition(part, 0);
    }

    /// A member of `flag-if`, which needs its flags.
    static Condition flagIf(DocumentNode part) {
        part.object("field-off", "field-len", "mask", "from", "op", "value", "flags");
        return condition(part, Parts.requiredInt(part, "flags"));
    }

    static Condition stopIf(DocumentNode part) {
        part.object("field-off", "field-len", "mask", "from", "op", "value", "flags");
        return condition(part, Parts.intOr(part, "flags", 0));
    }

    private static Condition condition(DocumentNode part, int flags) {
        Field field = field(part);
        String label = part.required("op").asOneOf(OPS);
        Condition.Op op = Condition.Op.values()[Arrays.asList(OPS).indexOf(label)];
        long value = Parts.unsigned(part.required("value"));
        return Parts.build(part, () -> new Condition(field, op, value, flags));
    }

    private FieldReader() {}
}
