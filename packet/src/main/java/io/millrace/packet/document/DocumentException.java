package io.millrace.packet.document;

import java.util.List;
import java.util.stream.Collectors;

/// What is wrong with a document: at least one [DocumentProblem]. The message is all of them, ready to print.
public final class DocumentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<DocumentProblem> problems;

    DocumentException(DocumentProblem problem) {
        this(List.of(problem));
    }

    DocumentException(List<DocumentProblem> problems) {
        super(problems.stream().map(DocumentProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /// In the order in which they stand in the document.
    public List<DocumentProblem> problems() {
        return problems;
    }
}
