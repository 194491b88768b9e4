package io.millrace.flow.ruleset;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// A family's chains and what they share. Maps keep the order of creation.
///
/// `handle` is unique among tables; the handles of everything inside are drawn from one counter of the table, which
/// stands at `lastHandle`.
public record Table(Family family, String name, long handle, boolean isDormant, String comment, long lastHandle,
                    List<NamedObject> objects, SequencedMap<String, ElementSet> sets,
                    SequencedMap<String, Flowtable> flowtables, SequencedMap<String, Chain> chains) {
    public Table {
        objects = List.copyOf(objects);
        sets = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(sets));
        flowtables = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(flowtables));
        chains = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(chains));
    }

    Table withHandle(long newHandle) {
        return new Table(family, name, newHandle, isDormant, comment, lastHandle, objects, sets, flowtables, chains);
    }

    /// The object of this kind and name, or null.
    public NamedObject object(ObjectKind kind, String objectName) {
        for (NamedObject object : objects) {
            if (object.kind() == kind && object.name().equals(objectName)) return object;
        }
        return null;
    }
}
