package io.millrace.control.verb.parser;

import io.millrace.control.parser.GraphFile;
import io.millrace.control.verb.ExitStatus;
import io.millrace.control.verb.Verb;

import java.nio.file.Path;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `millrace parser hash FILE`.
@Command(name = "hash", description = "Print the behaviour hash of a graph: SHA-256 of its canonical form.",
    footer = {"", "Example:", "  millrace parser hash default"})
public final class ParserHashVerb implements Verb {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "A graph, an image, or the name of a shipped graph.")
    private Path file;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(GraphFile.read(file).program().hashText());
        return ExitStatus.FINE;
    }
}
