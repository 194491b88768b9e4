package io.millrace.perf.profile;

import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.DocumentProblems;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// The members of an object, read one by one; what is wrong with each is kept until all were looked at.
final class Members {

    private final DocumentNode node;
    private final DocumentProblems problems = new DocumentProblems();

    Members(DocumentNode node, String... keys) {
        this.node = node;
        node.fields();   // what is no object ends here
        problems.attempt(() -> node.object(keys));
    }

    /// A member that must be there.
    <T> Optional<T> required(String key, Function<DocumentNode, T> reading) {
        return problems.attempt(() -> reading.apply(node.required(key)));
    }

    /// A member, or what it usually is.
    <T> T value(String key, Function<DocumentNode, T> reading, T usual) {
        return node.get(key).flatMap(each -> problems.attempt(() -> reading.apply(each))).orElse(usual);
    }

    <T> Optional<T> attempt(Supplier<T> reading) {
        return problems.attempt(reading);
    }

    void throwIfAny() {
        problems.throwIfAny();
    }

    /// What the records refuse is an error at `place`.
    static <T> T meaningful(DocumentNode place, Supplier<T> making) {
        try {
            return making.get();
        } catch (IllegalArgumentException e) {
            throw place.error(e.getMessage());
        }
    }
}
