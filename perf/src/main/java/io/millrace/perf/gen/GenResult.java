package io.millrace.perf.gen;

import io.millrace.nic.driver.gen.GenPort;
import io.millrace.nic.driver.gen.replay.CaptureSource;
import io.millrace.nic.driver.gen.receive.StreamReceipt;
import io.millrace.nic.driver.gen.session.SessionCounts;
import io.millrace.nic.driver.gen.session.SessionEnd;
import io.millrace.nic.driver.gen.stream.PacketSource;
import io.millrace.nic.driver.gen.stream.StreamSource;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What was generated, and what of it came back where something could.
///
/// @param seconds of virtual time for a capture, of real time otherwise
record GenResult(List<Sent> streams, List<Replayed> captures, List<Talked> sessions, double seconds) {

    /// @param received of stamped streams, different packets; −1 where none could come back
    record Sent(String name, long packets, long bytes, long received) {}

    /// By how much packets were late, microseconds.
    record Replayed(String name, double medianUs, double p99Us, double maxUs) {}

    record Talked(String name, long opened, long completed, long failed, long repaired) {}

    /// @param comesBack whether packets could come back to one of the ports
    static GenResult of(List<GenPort> ports, boolean comesBack, double seconds) {
        List<Sent> streams = new ArrayList<>();
        List<Replayed> captures = new ArrayList<>();
        List<Talked> sessions = new ArrayList<>();
        for (GenPort port : ports) {
            for (PacketSource source : port.sources()) {
                streams.add(new Sent(source.name(), source.givenCount(), source.givenBytes(),
                    comesBack ? received(ports, source) : -1));
                if (source instanceof CaptureSource capture && capture.spec().isPaced()) {
                    captures.add(new Replayed(capture.name(), capture.errors().getValueAtPercentile(50) / 1e3,
                        capture.errors().getValueAtPercentile(99) / 1e3, capture.errors().getMaxValue() / 1e3));
                }
            }
            for (SessionEnd end : port.sessions()) {
                if (!end.isClient()) continue;
                SessionCounts counts = end.counts();
                sessions.add(new Talked(end.spec().name(), counts.opened(), counts.completed(), counts.failed(),
                    counts.repaired()));
            }
        }
        return new GenResult(streams, captures, sessions, seconds);
    }

    private static long received(List<GenPort> ports, PacketSource source) {
        if (!(source instanceof StreamSource stream) || !stream.spec().isStamped()) return -1;
        return ports.stream().map(port -> port.receiver().stream(stream.id()))
            .mapToLong(StreamReceipt::arrivedCount).sum();
    }

    Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        members.put("streams", streams.stream().map(GenResult::member).toList());
        members.put("packets", streams.stream().mapToLong(Sent::packets).sum());
        members.put("bytes", streams.stream().mapToLong(Sent::bytes).sum());
        if (!captures.isEmpty()) {
            members.put("timingErrorUs", captures.stream().map(each -> Map.of("capture", each.name, "median",
                each.medianUs, "p99", each.p99Us, "max", each.maxUs)).toList());
        }
        if (!sessions.isEmpty()) {
            members.put("sessions", sessions.stream().map(each -> Map.of("sessions", each.name, "opened", each.opened,
                "completed", each.completed, "failed", each.failed, "repaired", each.repaired)).toList());
        }
        members.put("seconds", seconds);
        return members;
    }

    private static Map<String, Object> member(Sent stream) {
        var member = new LinkedHashMap<String, Object>();
        member.put("stream", stream.name);
        member.put("packets", stream.packets);
        member.put("bytes", stream.bytes);
        if (stream.received >= 0) member.put("received", stream.received);
        return member;
    }

    String text() {
        var text = new StringBuilder();
        int width = Math.max(8, streams.stream().mapToInt(stream -> stream.name.length()).max().orElse(8));
        if (!streams.isEmpty()) {
            boolean comesBack = streams.stream().anyMatch(stream -> stream.received >= 0);
            text.append(String.format("%-" + width + "s %15s %19s %12s%s%n", "stream", "packets", "bytes", "packets/s",
                comesBack ? String.format(" %15s", "came back") : ""));
            for (Sent stream : streams) append(text, width, stream);
            if (streams.size() > 1) {
                append(text, width, new Sent("total", streams.stream().mapToLong(Sent::packets).sum(),
                    streams.stream().mapToLong(Sent::bytes).sum(), -1));
            }
        }
        for (Replayed each : captures) {
            text.append(String.format(Locale.ROOT, "%-" + width
                + "s late by %.1f us (median), %.1f (p99), %.1f (max)%n",
                each.name, each.medianUs, each.p99Us, each.maxUs));
        }
        for (Talked each : sessions) {
            text.append(String.format(Locale.ROOT, "%-" + width
                + "s %,d sessions opened, %,d completed (%,d repaired), "
                + "%,d failed%n", each.name, each.opened, each.completed, each.repaired, each.failed));
        }
        return text.append(String.format(Locale.ROOT, "in %.6f s%n", seconds)).toString();
    }

    private void append(StringBuilder text, int width, Sent stream) {
        text.append(String.format(Locale.ROOT, "%-" + width + "s %,15d %,19d %,12.0f%s%n", stream.name, stream.packets,
            stream.bytes, stream.packets / Math.max(seconds, 1e-9),
            stream.received < 0 ? "" : String.format(Locale.ROOT, " %,15d", stream.received)));
    }
}
