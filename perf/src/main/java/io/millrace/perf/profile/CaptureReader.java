package io.millrace.perf.profile;

import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.driver.gen.replay.CaptureSpec;
import io.millrace.nic.driver.gen.replay.Rewriting;
import io.millrace.packet.address.Addresses;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.document.DocumentNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads a capture that is to be sent again.
///
/// ```
/// office:
///   file: office.pcapng
///   speed: 2                      # or max
///   loops: 10                     # or endless
///   gap: 1ms
///   rewrite: { source: 02:00:00:00:00:99, target: 02:00:00:00:00:01, addresses: { 10.0.0.0/8: 192.168.0.0/8 } }
/// ```
final class CaptureReader {

    private static final Pattern SPEED = Pattern.compile("[0-9]{1,7}(?:\\.[0-9]{1,6})?");

    static CaptureSpec read(String name, DocumentNode node) {
        var members = new Members(node, "port", "file", "speed", "loops", "gap", "start", "duration", "count",
            "rewrite");
        String port = members.value("port", DocumentNode::asString, "");
        Optional<Path> file = members.required("file", CaptureReader::file);
        double speed = members.value("speed", CaptureReader::speed, 1.0);
        long loops = members.value("loops", CaptureReader::loops, 1L);
        long gapNs = members.value("gap", StreamReader::duration, CaptureSpec.GAP_NS_USUAL);
        long startNs = members.value("start", StreamReader::duration, 0L);
        long durationNs = members.value("duration", StreamReader::duration, CaptureSpec.ENDLESS);
        long count = members.value("count", each -> each.asLong(1, Long.MAX_VALUE), CaptureSpec.ENDLESS);
        Rewriting rewriting = members.value("rewrite", CaptureReader::rewriting, Rewriting.NONE);
        members.throwIfAny();
        return Members.meaningful(node, () -> new CaptureSpec(name, port, file.orElseThrow(), speed, loops, gapNs,
            startNs, durationNs, count, rewriting));
    }

    private static Path file(DocumentNode node) {
        Path file = node.as(Path::of);
        try {
            io.millrace.nic.capture.CaptureReader.open(file).close();
            return file;
        } catch (CaptureException e) {
            throw node.error(e.getMessage(), "a capture");
        }
    }

    private static double speed(DocumentNode node) {
        String text = node.asString();
        if (text.equals("max")) return CaptureSpec.AT_ONCE;
        double speed = SPEED.matcher(text).matches() ? Double.parseDouble(text) : 0;
        if (speed >= CaptureSpec.SPEED_MIN && speed <= CaptureSpec.SPEED_MAX) return speed;
        throw node.error("\"" + text + "\" is no speed", "a number from 0.001 to 1000000, or max");
    }

    private static long loops(DocumentNode node) {
        if (node.kind() == DocumentNode.Kind.TEXT && node.asString().equals("endless")) return CaptureSpec.ENDLESS;
        return node.asLong(1, Long.MAX_VALUE);
    }

    private static Rewriting rewriting(DocumentNode node) {
        var members = new Members(node, "source", "target", "addresses");
        long source = members.value("source", each -> each.as(Addresses::parseMac), Rewriting.AS_IT_IS);
        long target = members.value("target", each -> each.as(Addresses::parseMac), Rewriting.AS_IT_IS);
        List<Rewriting.Change> changes = members.value("addresses", CaptureReader::changes, List.of());
        members.throwIfAny();
        return new Rewriting(source, target, changes);
    }

    private static List<Rewriting.Change> changes(DocumentNode node) {
        List<Rewriting.Change> changes = new ArrayList<>();
        node.fields().forEach((from, to) -> changes.add(Members.meaningful(to, () ->
            new Rewriting.Change(prefix(to, from), to.as(IpPrefix::parseNetwork)))));
        return changes;
    }

    private static IpPrefix prefix(DocumentNode place, String text) {
        try {
            return IpPrefix.parseNetwork(text);
        } catch (IllegalArgumentException e) {
            throw place.keyError(e.getMessage().split("; allowed: ", 2)[0], "a prefix of addresses");
        }
    }

    private CaptureReader() {}
}
