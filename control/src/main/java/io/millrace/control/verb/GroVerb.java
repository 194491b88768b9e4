package io.millrace.control.verb;

import io.millrace.control.offload.CaptureMerging;
import io.millrace.control.offload.PacketLines;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.gro.MergeSettings;
import io.millrace.nic.capture.CaptureDamage;
import io.millrace.nic.capture.CaptureException;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `millrace gro CAPTURE`.
@Command(name = "gro",
    description = {"Merge the packets of a capture as Linux 6.18 does when it receives them (GRO): segments of a TCP "
        + "connection that follow each other become one packet, also inside VLAN, VXLAN, Geneve, GRE and IP in IP. One "
        + "line a packet that comes out, in that order.", "",
        "A packet whose checksum is wrong is not merged; nor is one that its sender's offload left unfinished."},
    footer = {"", "Examples:", "  millrace gro trace.pcapng", "  millrace gro --flush 20 -o merged.pcapng trace.pcap",
        "  millrace gro --forward-udp --json trace.pcap | jq -s 'map(.segments) | add / length'"})
public final class GroVerb implements Verb {

    private static final String END = "end";
    private static final long TIMEOUT_US_MAX = 60_000_000;
    private static final int TEXT_CHARACTERS_MAX = 1 << 16;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "CAPTURE", description = "A pcap or pcapng file.")
    private Path file;

    @Option(names = {"-o", "--output"}, paramLabel = "OUT",
        description = "Also write what comes out to this capture, checksums filled in; the ending, .pcap or .pcapng, "
            + "chooses the format.")
    private Path target;

    @Option(names = "--flush", paramLabel = "end|USEC", defaultValue = END,
        description = "When held packets go on: at the end of the capture, which is one poll then; or so many "
            + "microseconds after the last packet, as gro_flush_timeout does, each packet being a poll at its time "
            + "(default: ${DEFAULT-VALUE}).")
    private String flush;

    @Option(names = "--forward-udp", description = "Merge UDP datagrams too (rx-udp-gro-forwarding).")
    private boolean forwardUdp;

    @Option(names = "--json", description = "Print one JSON object a packet, and no summary.")
    private boolean isJson;

    @Override
    public Integer call() {
        var settings = new MergeSettings(forwardUdp, timeoutNs());
        PrintWriter out = spec.commandLine().getOut();
        var lines = new PacketLines();
        CaptureDamage damage;
        IOException failure;
        try (var capture = new CaptureMerging(file, target, settings)) {
            // The writer flushes at the end of a line; thousands of lines are cheaper to write together.
            var text = new StringBuilder();
            damage = capture.forEach(packet -> {
                text.append(isJson ? lines.json(packet) : lines.text(packet)).append(System.lineSeparator());
                if (text.length() < TEXT_CHARACTERS_MAX) return;
                out.print(text);
                text.setLength(0);
            });
            out.print(text);
            if (!isJson) out.println(lines.summary(capture.frameCount()));
            failure = capture.finish();
        } catch (CaptureException e) {
            throw new ConfigException(e.getMessage());
        }
        out.flush();
        if (failure != null) return warn(target + " is not complete: " + failure.getMessage());
        return damage == null ? ExitStatus.FINE : warn(damage + "; the packets before it were read");
    }

    private int warn(String what) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("millrace: warning: " + what);
        err.flush();
        return ExitStatus.WARNING;
    }

    private long timeoutNs() {
        if (flush.equals(END)) return 0;
        try {
            long microseconds = Long.parseLong(flush);
            if (microseconds >= 1 && microseconds <= TIMEOUT_US_MAX) return TimeUnit.MICROSECONDS.toNanos(microseconds);
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ConfigException("--flush must be \"end\" or microseconds from 1 to " + TIMEOUT_US_MAX + ", got \""
            + flush + "\"");
    }
}
