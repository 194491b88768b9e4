package io.millrace.control.verb.parser;

import io.millrace.control.parser.GraphFile;
import io.millrace.control.verb.ExitStatus;
import io.millrace.control.verb.Verb;

import java.io.PrintWriter;
import java.nio.file.Path;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `millrace parser canonical FILE`.
@Command(name = "canonical",
    description = "Print the canonical form of a graph: exactly the bytes that are hashed, without a line end.",
    footer = {"", "Example:", "  millrace parser canonical default | sha256sum"})
public final class ParserCanonicalVerb implements Verb {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "A graph, an image, or the name of a shipped graph.")
    private Path file;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(GraphFile.read(file).program().canonical());
        out.flush();
        return ExitStatus.FINE;
    }
}
