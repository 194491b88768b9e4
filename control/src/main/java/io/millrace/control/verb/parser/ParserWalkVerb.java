package io.millrace.control.verb.parser;

import io.millrace.control.capture.CapturePackets;
import io.millrace.control.parser.GraphFile;
import io.millrace.control.parser.GraphWalk;
import io.millrace.control.parser.WalkLines;
import io.millrace.control.verb.ExitStatus;
import io.millrace.control.verb.Verb;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.nic.capture.CaptureDamage;
import io.millrace.nic.capture.CaptureException;
import io.millrace.packet.parse.graph.GraphException;

import java.io.PrintWriter;
import java.nio.file.Path;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// `millrace parser walk FILE CAPTURE`.
@Command(name = "walk", description = {"Parse every packet of a capture and say what was found: the result, the layers "
        + "and the headers, outermost first.", "",
        "A node's name up to a colon is the name of its layer; a node whose name begins with a colon is none."},
    footer = {"", "Examples:", "  millrace parser walk default trace.pcapng",
        "  millrace parser walk default --json trace.pcap | jq 'select(.result != \"OKAY\")'"})
public final class ParserWalkVerb implements Verb {

    private static final int TEXT_CHARACTERS_MAX = 1 << 16;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE", description = "A graph, an image, or the name of a shipped graph.")
    private Path file;

    @Parameters(index = "1", paramLabel = "CAPTURE", description = "A pcap or pcapng file.")
    private Path captureFile;

    @Option(names = "--json", description = "Print one JSON object a packet, and no summary.")
    private boolean isJson;

    @Override
    public Integer call() {
        GraphFile graph = GraphFile.read(file);
        CaptureDamage damage;
        try (var capture = new CapturePackets(captureFile)) {
            walk(new GraphWalk(graph.program(), capture.memory()), capture);
            damage = capture.damage();
        } catch (CaptureException e) {
            throw new ConfigException(e.getMessage());
        } catch (GraphException e) {
            throw graph.refused(e);
        }
        if (damage == null) return ExitStatus.FINE;
        PrintWriter err = spec.commandLine().getErr();
        err.println("millrace: warning: " + damage + "; the packets before it were read");
        err.flush();
        return ExitStatus.WARNING;
    }

    private void walk(GraphWalk walk, CapturePackets capture) {
        PrintWriter out = spec.commandLine().getOut();
        var lines = new WalkLines(walk.records());
        // The writer flushes at the end of a line; thousands of lines are cheaper to write together.
        var text = new StringBuilder();
        for (int packet = capture.next(); packet != NONE; packet = capture.next()) {
            GraphWalk.Walked walked = walk.walk(packet);
            text.append(isJson ? lines.json(capture.number(), walked) : lines.text(capture.number(), walked))
                .append(System.lineSeparator());
            if (text.length() < TEXT_CHARACTERS_MAX) continue;
            out.print(text);
            text.setLength(0);
        }
        out.print(text);
        if (!isJson) out.println(lines.summary());
        out.flush();
    }
}
