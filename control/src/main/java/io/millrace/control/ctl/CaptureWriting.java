package io.millrace.control.ctl;

import io.millrace.control.verb.ExitStatus;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.capture.CaptureInterface;
import io.millrace.nic.capture.PcapngWriter;
import io.millrace.nic.capture.TimeScale;

import java.io.PrintWriter;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import tools.jackson.databind.JsonNode;

/// Writes the packets that Millrace tells of as a pcapng file, each with its port as interface, its direction, and a
/// comment that names stage and verdict. What has come is flushed whenever nothing more waits, for those who look on
/// through a pipe.
final class CaptureWriting {

    private static final Path STANDARD_OUTPUT = Path.of("/dev/stdout");
    private static final int LINK_TYPE_ETHERNET = 1;

    private record Interface(String port, int linkType) {}

    private final SocketClient client;
    private final PrintWriter err;
    private final List<Interface> interfaces = new ArrayList<>();

    CaptureWriting(SocketClient client, PrintWriter err) {
        this.client = client;
        this.err = err;
    }

    /// Writes until the capture ends, or Millrace does.
    int write(String file, String firstPort) {
        Path path = file.equals("-") ? STANDARD_OUTPUT : Path.of(file);
        interfaces.add(new Interface(firstPort, LINK_TYPE_ETHERNET));
        try (var writer = new PcapngWriter(path, described(interfaces.getFirst()))) {
            writer.flush();
            while (true) {
                JsonNode message = client.nextNotification();
                if (message == null) return ExitStatus.FINE;
                JsonNode params = message.get("params");
                if (message.get("method").asString().equals("captureEnd")) return ended(params);
                if (message.get("method").asString().equals("packet")) write(writer, params);
                if (!client.hasNotification()) writer.flush();
                if (writer.failure() != null) {
                    throw new ConfigException("the capture cannot be written: " + writer.failure().getMessage());
                }
            }
        } catch (CaptureException e) {
            throw new ConfigException(e.getMessage());
        }
    }

    private static CaptureInterface described(Interface each) {
        return CaptureInterface.of(each.linkType(), each.port(), TimeScale.NANOSECONDS);
    }

    private void write(PcapngWriter writer, JsonNode packet) {
        var of = new Interface(packet.get("port").asString(), packet.get("linkType").asInt());
        int index = interfaces.indexOf(of);
        if (index < 0) {
            interfaces.add(of);
            index = writer.addInterface(described(of));
        }
        byte[] frame = Base64.getDecoder().decode(packet.get("frame").asString());
        byte[] comment = packet.get("comment").asString().getBytes(StandardCharsets.UTF_8);
        int direction = packet.get("direction").asString().equals("in") ? PcapngWriter.DIRECTION_INBOUND
            : PcapngWriter.DIRECTION_OUTBOUND;
        boolean isBegun = writer.begin(index, packet.get("timeNs").asLong(), frame.length,
            packet.get("originalBytes").asLong(), direction, comment);
        if (!isBegun) return;
        writer.append(MemorySegment.ofArray(frame), 0, frame.length);
        writer.end();
    }

    private int ended(JsonNode params) {
        long lostCount = params.get("lost").asLong();
        err.println(params.get("packets").asLong() + " packets captured"
            + (lostCount == 0 ? "" : ", " + lostCount + " lost: they came faster than they could be written"));
        err.flush();
        return lostCount == 0 ? ExitStatus.FINE : ExitStatus.WARNING;
    }
}
