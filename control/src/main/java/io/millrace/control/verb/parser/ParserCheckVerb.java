package io.millrace.control.verb.parser;

import io.millrace.control.parser.GraphFile;
import io.millrace.control.verb.ExitStatus;
import io.millrace.control.verb.Verb;

import java.nio.file.Path;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `millrace parser check FILE`.
@Command(name = "check", description = "Read a graph and say what is wrong with it.",
    footer = {"", "Example:", "  millrace parser check my.cpr.json"})
public final class ParserCheckVerb implements Verb {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "A graph, an image, or the name of a shipped graph.")
    private Path file;

    @Override
    public Integer call() {
        GraphFile graph = GraphFile.read(file);
        int nodeCount = graph.graph().nodes().size();
        int unreachableCount = nodeCount - graph.program().graph().nodes().size();
        spec.commandLine().getOut().println(file + ": fine, " + nodeCount + (nodeCount == 1 ? " node" : " nodes")
            + (unreachableCount == 0 ? "" : ", " + unreachableCount + " of them unreachable")
            + ", hash " + graph.program().hashText());
        return ExitStatus.FINE;
    }
}
