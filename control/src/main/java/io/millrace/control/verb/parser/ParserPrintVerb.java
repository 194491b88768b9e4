package io.millrace.control.verb.parser;

import io.millrace.control.parser.GraphDrawing;
import io.millrace.control.parser.GraphFile;
import io.millrace.control.verb.ExitStatus;
import io.millrace.control.verb.Verb;
import io.millrace.packet.parse.cpr.CprWriter;

import java.io.PrintWriter;
import java.nio.file.Path;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `millrace parser print FILE`.
@Command(name = "print", description = {"Print a graph as a document: what is reachable, in canonical order, tables "
        + "with their nodes.", "", "Reading it back gives the same hash."},
    footer = {"", "Examples:", "  millrace parser print device.image",
        "  millrace parser print --dot default | dot -Tsvg > default.svg"})
public final class ParserPrintVerb implements Verb {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "A graph, an image, or the name of a shipped graph.")
    private Path file;

    @Option(names = "--dot",
        description = "Draw it instead, for Graphviz: dashed boxes take no bytes, double ones open a "
        + "record.")
    private boolean isDot;

    @Override
    public Integer call() {
        GraphFile graph = GraphFile.read(file);
        PrintWriter out = spec.commandLine().getOut();
        out.print(isDot ? GraphDrawing.of(graph.program().graph()) : CprWriter.write(graph.program().graph()));
        out.flush();
        return ExitStatus.FINE;
    }
}
