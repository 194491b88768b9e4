package io.millrace.flow.ruleset;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// A set of keys, or a map from keys to data.
///
/// `key` holds one field, or several for a concatenation. `data` is empty for a set; a map to verdicts has the one
/// field [DataType#VERDICT]; `objectKind` is set for a map to stateful objects and null otherwise. Intervals never
/// overlap, except the fields of a concatenation. `timeoutMs`, `gcIntervalMs` and `size` are 0 where not given.
/// `keySource` and `dataSource` are the expressions of `typeof`, empty for `type`. `handle` is 0 for a set of a rule
/// that was not loaded.
public record ElementSet(String name, long handle, List<FieldType> key, List<FieldType> data, ObjectKind objectKind,
                         Set<Flag> flags, long timeoutMs, long gcIntervalMs, int size, Policy policy,
                         boolean mergesAutomatically, List<Expression> keySource, List<Expression> dataSource,
                         List<Statement> statements, List<Element> elements, String comment) {

    public enum Flag {
        CONSTANT("constant"), INTERVAL("interval"), TIMEOUT("timeout"), DYNAMIC("dynamic");

        private final String text;

        Flag(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    public enum Policy { NONE, PERFORMANCE, MEMORY }

    public ElementSet {
        key = List.copyOf(key);
        data = List.copyOf(data);
        flags = flags.isEmpty() ? Set.of() : java.util.Collections.unmodifiableSet(EnumSet.copyOf(flags));
        keySource = List.copyOf(keySource);
        dataSource = List.copyOf(dataSource);
        statements = List.copyOf(statements);
        elements = List.copyOf(elements);
    }

    /// The set of a rule: constant, with what its elements need.
    public static ElementSet anonymous(List<FieldType> key, List<FieldType> data, ObjectKind objectKind,
                                       boolean isInterval, List<Element> elements) {
        Set<Flag> flags = isInterval ? EnumSet.of(Flag.CONSTANT, Flag.INTERVAL) : EnumSet.of(Flag.CONSTANT);
        return new ElementSet("", 0, key, data, objectKind, flags, 0, 0, 0, Policy.NONE, true, List.of(), List.of(),
            List.of(), elements, "");
    }

    public boolean isMap() {
        return !data.isEmpty() || objectKind != null;
    }

    public boolean isVerdictMap() {
        return data.size() == 1 && data.getFirst().type() == DataType.VERDICT;
    }

    public boolean isConcatenation() {
        return key.size() > 1;
    }

    public boolean has(Flag flag) {
        return flags.contains(flag);
    }

    /// May elements be added by packets?
    public boolean isDynamic() {
        return has(Flag.DYNAMIC);
    }

    public ElementSet withElements(List<Element> newElements) {
        return new ElementSet(name, handle, key, data, objectKind, flags, timeoutMs, gcIntervalMs, size, policy,
            mergesAutomatically, keySource, dataSource, statements, newElements, comment);
    }

    public ElementSet withHandle(long newHandle) {
        return new ElementSet(name, newHandle, key, data, objectKind, flags, timeoutMs, gcIntervalMs, size, policy,
            mergesAutomatically, keySource, dataSource, statements, elements, comment);
    }
}
