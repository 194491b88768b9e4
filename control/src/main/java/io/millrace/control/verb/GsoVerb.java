package io.millrace.control.verb;

import io.millrace.control.capture.CapturePackets;
import io.millrace.control.offload.OffloadedPacket;
import io.millrace.control.offload.PacketFile;
import io.millrace.control.offload.PacketLines;
import io.millrace.control.offload.SuperPackets;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.gso.Segmentation;
import io.millrace.nic.capture.CaptureDamage;
import io.millrace.nic.capture.CaptureException;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// `millrace gso CAPTURE --size N`.
@Command(name = "gso",
    description = {"Cut the TCP and UDP packets of a capture that have more payload than --size into segments, as Linux "
        + "cuts super-packets for a device that cannot, and say what comes out, in order.", "",
        "Also inside VLAN, VXLAN, Geneve, GRE and IP tunnels. UDP is cut into datagrams. All other packets go through "
            + "as they are."},
    footer = {"", "Examples:", "  millrace gso --size 1448 merged.pcapng -o wire.pcapng",
        "  millrace gso --size 500 --json trace.pcap | jq .payloadBytes"})
public final class GsoVerb implements Verb {

    private static final int SIZE_MAX = 65_534;
    private static final int TEXT_CHARACTERS_MAX = 1 << 16;
    private static final long FRAGMENT_ID_SEED = 1;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "CAPTURE", description = "A pcap or pcapng file.")
    private Path file;

    @Option(names = "--size", paramLabel = "N", required = true, description = "Most payload bytes of a segment.")
    private int size;

    @Option(names = "-o", paramLabel = "OUT", description = "Also write what comes out to this capture.")
    private Optional<Path> target = Optional.empty();

    @Option(names = "--json", description = "Print one JSON object a packet, and no summary.")
    private boolean isJson;

    @Override
    public Integer call() {
        if (size < 1 || size > SIZE_MAX) {
            throw new ConfigException("--size must be 1 to " + SIZE_MAX + ", got " + size);
        }
        CaptureDamage damage;
        int segmentsMax = CapturePackets.FRAME_BYTES_MAX / size + 1;
        try (var capture = new CapturePackets(file, 2 * segmentsMax);
             var written = target.isPresent() ? new PacketFile(capture.memory(), target.get(), file) : null) {
            cut(capture, written, new int[segmentsMax]);
            damage = capture.damage();
        } catch (CaptureException e) {
            throw new ConfigException(e.getMessage());
        }
        if (damage == null) return ExitStatus.FINE;
        PrintWriter err = spec.commandLine().getErr();
        err.println("millrace: warning: " + damage + "; the packets before it were read");
        err.flush();
        return ExitStatus.WARNING;
    }

    private void cut(CapturePackets capture, PacketFile written, int[] segments) {
        PrintWriter out = spec.commandLine().getOut();
        var meta = new PacketMeta(capture.memory());
        var segmentation = new Segmentation(capture.pool(), FRAGMENT_ID_SEED);
        var superPackets = new SuperPackets(capture.pool());
        var lines = new PacketLines();
        // The writer flushes at the end of a line; thousands of lines are cheaper to write together.
        var text = new StringBuilder();
        for (int packet = capture.next(); packet != NONE; packet = capture.next()) {
            int count = 1;
            segments[0] = packet;
            if (superPackets.describe(packet, size)) {
                if (segmentation.segment(packet, false, segments) == Verdict.FORWARD) {
                    count = segmentation.count();
                } else {
                    superPackets.undo(packet);
                }
            }
            capture.keep();
            for (int i = 0; i < count; i++) {
                var line = OffloadedPacket.of(meta, segments[i], List.of(capture.number()));
                text.append(isJson ? lines.json(line) : lines.text(line)).append(System.lineSeparator());
                if (written != null) written.write(segments[i]);
                capture.pool().release(segments[i]);
            }
            if (text.length() < TEXT_CHARACTERS_MAX) continue;
            out.print(text);
            text.setLength(0);
        }
        out.print(text);
        if (!isJson) out.println(lines.summary(capture.number()));
        out.flush();
    }
}
