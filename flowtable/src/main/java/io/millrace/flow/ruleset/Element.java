package io.millrace.flow.ruleset;

import java.util.List;

/// One member of a set, or one entry of a map.
///
/// `data` is null in a set. `timeoutMs` 0: that of the set. `expiresMs` 0: the whole timeout is left.
/// `statements` are the counters and limits of the element.
public record Element(Value key, Value data, long timeoutMs, long expiresMs, String comment,
                      List<Statement> statements) {
    public Element {
        statements = List.copyOf(statements);
    }

    public static Element of(Value key, Value data) {
        return new Element(key, data, 0, 0, "", List.of());
    }
}
