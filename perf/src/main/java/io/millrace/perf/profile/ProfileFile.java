package io.millrace.perf.profile;

import io.millrace.nic.driver.gen.TrafficProfile;
import io.millrace.nic.driver.gen.replay.CaptureSpec;
import io.millrace.nic.driver.gen.session.SessionSpec;
import io.millrace.nic.driver.gen.stream.Stamp;
import io.millrace.nic.driver.gen.stream.StreamSpec;
import io.millrace.packet.document.Document;
import io.millrace.packet.document.DocumentKeys;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.DocumentProblems;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Reads a traffic profile (YAML, or JSON if its name ends so). Everything that is wrong is one
/// [io.millrace.packet.document.DocumentException] that shows each place.
///
/// ```
/// line: 10Gbit/s                  # what a rate in percent is a share of
/// seed: 1
/// streams:
///   dns:
///     layers:
///       - ethernet: { target: 02:00:00:00:00:01 }
///       - ipv4: { source: { random: 10.0.0.0/8, per: flow }, target: 198.51.100.1 }
///       - udp: { source-port: { from: 1024, to: 65535 }, target-port: 53 }
///     flows: { count: 1000, order: zipf }
///     sizes: { imix: trex }
///     rate: 50%
///     stamp: true
/// ```
///
/// `sessions` are read by [SessionReader], `captures` by [CaptureReader].
public final class ProfileFile {

    private static final DocumentKeys KEYS = DocumentKeys.of("line", "seed", "streams", "sessions", "captures");

    private static final List<String> PARTS = List.of("streams", "sessions", "captures");

    public static TrafficProfile read(Path file) {
        return read(Document.read(file));
    }

    /// A profile in YAML that lies in no file; `name` is what errors call it.
    public static TrafficProfile parse(String name, String text) {
        return read(Document.yaml(name, text));
    }

    static TrafficProfile read(DocumentNode root) {
        var problems = new DocumentProblems();
        root.fields();   // a root that is no object ends here
        problems.attempt(() -> root.object(KEYS));
        long seed = root.get("seed").flatMap(node ->
            problems.attempt(() -> node.asLong(Long.MIN_VALUE, Long.MAX_VALUE))).orElse(1L);
        Optional<Double> line = root.get("line").flatMap(node -> problems.attempt(() -> RateReader.bits(node)));
        OptionalDouble lineBits = line.isPresent() ? OptionalDouble.of(line.get()) : OptionalDouble.empty();
        List<StreamSpec> streams = all(root, "streams", problems, (name, node, index) ->
            new StreamReader(name, node, lineBits, seed + index).read());
        List<SessionSpec> sessions = all(root, "sessions", problems, (name, node, index) ->
            new SessionReader(name, node, seed + index).read());
        List<CaptureSpec> captures = all(root, "captures", problems, (name, node, index) ->
            CaptureReader.read(name, node));
        boolean isEmpty = PARTS.stream().noneMatch(root::has);
        if (isEmpty) problems.add(root.error("nothing to generate", String.join(", ", PARTS)));
        problems.throwIfAny();
        return Members.meaningful(root, () -> new TrafficProfile(root.sourceName(), streams, sessions, captures));
    }

    private interface Reading<T> {
        T read(String name, DocumentNode node, int index);
    }

    private static <T> List<T> all(DocumentNode root, String part, DocumentProblems problems, Reading<T> reading) {
        List<T> read = new ArrayList<>();
        if (!root.has(part)) return read;
        DocumentNode node = root.required(part);
        problems.attempt(node::fields).ifPresent(fields -> {
            if (fields.isEmpty()) problems.add(node.error("nothing in it", "NAME: { … }"));
            if (fields.size() > Stamp.STREAMS_MAX) {
                problems.add(node.error(fields.size() + " of them", "at most " + Stamp.STREAMS_MAX));
            }
            fields.forEach((name, each) ->
                problems.attempt(() -> reading.read(name, each, read.size())).ifPresent(read::add));
        });
        return read;
    }

    private ProfileFile() {}
}
