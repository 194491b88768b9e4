package io.millrace.perf.gen;

import io.millrace.nic.driver.gen.stream.PacketSource;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What was generated.
///
/// @param seconds of virtual time for a capture, of real time otherwise
record GenResult(List<Sent> streams, double seconds) {

    record Sent(String name, long packets, long bytes) {}

    static GenResult of(List<PacketSource> sources, double seconds) {
        return new GenResult(sources.stream()
            .map(source -> new Sent(source.name(), source.givenCount(), source.givenBytes())).toList(), seconds);
    }

    Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        var all = new ArrayList<Map<String, Object>>();
        for (Sent stream : streams) {
            var each = new LinkedHashMap<String, Object>();
            each.put("stream", stream.name);
            each.put("packets", stream.packets);
            each.put("bytes", stream.bytes);
            all.add(each);
        }
        members.put("streams", all);
        members.put("packets", streams.stream().mapToLong(Sent::packets).sum());
        members.put("bytes", streams.stream().mapToLong(Sent::bytes).sum());
        members.put("seconds", seconds);
        return members;
    }

    String text() {
        var text = new StringBuilder();
        int width = Math.max(6, streams.stream().mapToInt(stream -> stream.name.length()).max().orElse(6));
        text.append(String.format("%-" + width + "s %15s %19s %12s%n", "stream", "packets", "bytes", "packets/s"));
        for (Sent stream : streams) append(text, width, stream);
        if (streams.size() > 1) {
            append(text, width, new Sent("total", streams.stream().mapToLong(Sent::packets).sum(),
                streams.stream().mapToLong(Sent::bytes).sum()));
        }
        return text.append(String.format(Locale.ROOT, "in %.6f s%n", seconds)).toString();
    }

    private void append(StringBuilder text, int width, Sent stream) {
        text.append(String.format(Locale.ROOT, "%-" + width + "s %,15d %,19d %,12.0f%n", stream.name, stream.packets,
            stream.bytes, stream.packets / Math.max(seconds, 1e-9)));
    }
}
