package io.millrace.control.verb.parser;

import io.millrace.control.parser.GraphFile;
import io.millrace.control.verb.ExitStatus;
import io.millrace.control.verb.Verb;
import io.millrace.packet.parse.canonical.GraphComparison;
import io.millrace.packet.parse.canonical.GraphDifference;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `millrace parser diff A B`.
@Command(name = "diff",
    description = {"Say where two graphs can treat a packet differently: the way there, what differs, "
        + "and what A and B have.", "", "Exit status 0 if nowhere, 1 if somewhere."},
    footer = {"", "Example:", "  millrace parser diff default device.image"})
public final class ParserDiffVerb implements Verb {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "A", description = "A graph, an image, or the name of a shipped graph.")
    private Path left;

    @Parameters(index = "1", paramLabel = "B", description = "Another.")
    private Path right;

    @Override
    public Integer call() {
        GraphFile a = GraphFile.read(left);
        GraphFile b = GraphFile.read(right);
        List<GraphDifference> differences = GraphComparison.of(a.program(), b.program());
        PrintWriter out = spec.commandLine().getOut();
        differences.forEach(out::println);
        if (a.program().isSameAs(b.program())) {
            out.println("one behaviour, hash " + a.program().hashText());
        } else if (differences.isEmpty()) {
            out.println("every packet is treated alike, though the hashes differ:");
        } else {
            out.println(differences.size() + (differences.size() == 1 ? " place" : " places")
                + " where a packet can be treated differently");
        }
        if (!a.program().isSameAs(b.program())) {
            out.println("  " + a.program().hashText() + "  " + left);
            out.println("  " + b.program().hashText() + "  " + right);
        }
        return differences.isEmpty() ? ExitStatus.FINE : ExitStatus.WARNING;
    }
}
