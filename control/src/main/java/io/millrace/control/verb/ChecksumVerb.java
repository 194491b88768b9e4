package io.millrace.control.verb;

import io.millrace.control.checksum.CaptureChecksums;
import io.millrace.control.checksum.ChecksumLines;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.nic.capture.CaptureDamage;
import io.millrace.nic.capture.CaptureException;

import java.io.PrintWriter;
import java.nio.file.Path;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `millrace checksum CAPTURE`.
@Command(name = "checksum",
    description = {"Say of every checksum in a capture whether it is right, outermost first: IPv4 headers, TCP, UDP, "
        + "UDP-Lite, ICMP, ICMPv6, IGMP, SCTP, DCCP and GRE, also inside tunnels.", "",
        "A checksum is good or bad; absent where the sender computed none; illegal where the field holds what no "
            + "sender may write; unverified, with the reason, where not all that it covers is there."},
    footer = {"", "Examples:", "  millrace checksum trace.pcapng",
        "  millrace checksum --json trace.pcap | jq 'select(.tcp[]? == \"bad\").frame'"})
public final class ChecksumVerb implements Verb {

    private static final int TEXT_CHARACTERS_MAX = 1 << 16;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "CAPTURE", description = "A pcap or pcapng file.")
    private Path file;

    @Option(names = "--json", description = "Print one JSON object a packet, and no summary.")
    private boolean isJson;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        var lines = new ChecksumLines();
        CaptureDamage damage;
        try (var capture = new CaptureChecksums(file)) {
            // The writer flushes at the end of a line; thousands of lines are cheaper to write together.
            var text = new StringBuilder();
            damage = capture.forEach(packet -> {
                text.append(isJson ? lines.json(packet) : lines.text(packet)).append(System.lineSeparator());
                if (text.length() < TEXT_CHARACTERS_MAX) return;
                out.print(text);
                text.setLength(0);
            });
            out.print(text);
        } catch (CaptureException e) {
            throw new ConfigException(e.getMessage());
        }
        if (!isJson) out.println(lines.summary());
        out.flush();
        if (damage == null) return ExitStatus.FINE;
        PrintWriter err = spec.commandLine().getErr();
        err.println("millrace: warning: " + damage + "; the packets before it were read");
        err.flush();
        return ExitStatus.WARNING;
    }
}
