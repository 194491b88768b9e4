package io.millrace.packet.document;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Collects problems, so that a reader can go on and report all that it finds.
public final class DocumentProblems {

    private final List<DocumentProblem> problems = new ArrayList<>();

    public void add(DocumentException exception) {
        problems.addAll(exception.problems());
    }

    /// The result of `reading`, or nothing if it met a problem, which is kept.
    public <T> Optional<T> attempt(Supplier<T> reading) {
        try {
            return Optional.of(reading.get());
        } catch (DocumentException e) {
            add(e);
            return Optional.empty();
        }
    }

    public boolean isEmpty() {
        return problems.isEmpty();
    }

    /// One exception with all problems, of which there must be some, in the order of their places.
    public DocumentException together() {
        List<DocumentProblem> sorted = new ArrayList<>(problems);
        sorted.sort(Comparator.comparingInt(DocumentProblem::line).thenComparingInt(DocumentProblem::column));
        return new DocumentException(sorted);
    }

    public void throwIfAny() {
        if (!problems.isEmpty()) throw together();
    }
}
