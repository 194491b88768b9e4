package io.millrace.control.config;

import io.millrace.dataplane.config.InterfaceRules;
import io.millrace.dataplane.config.WireConfig;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.DocumentProblems;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Reads what a port is connected to.
final class WireReader {

    static final String AVAILABLE = "pcap, replay, tap, gen, null";

    private static final List<String> NOT_YET = List.of("afpacket", "afxdp");
    /// Keys that belong to some wires only.
    private static final List<String> KEYS = List.of("rx", "tx", "loops", "device", "vnet-hdr", "idle", "profile",
        "ring");

    static WireConfig read(DocumentNode port) {
        DocumentNode node = port.required("wire");
        if (node.kind() == DocumentNode.Kind.TEXT && NOT_YET.contains(node.asString())) {
            throw node.error("\"" + node.asString() + "\" is not available yet in this version", AVAILABLE);
        }
        String wire = node.asOneOf("pcap", "replay", "tap", "gen", "null");
        return switch (wire) {
            case "pcap" -> pcap(port);
            case "replay" -> replay(port);
            case "tap" -> tap(port);
            case "gen" -> gen(port);
            default -> {
                refuse(port, wire, List.of());
                yield new WireConfig.Null();
            }
        };
    }

    private static WireConfig pcap(DocumentNode port) {
        refuse(port, "pcap", List.of("rx", "tx"));
        Optional<Path> rx = port.get("rx").map(WireReader::path);
        Optional<Path> tx = port.get("tx").map(WireReader::path);
        if (rx.isEmpty() && tx.isEmpty()) {
            throw port.error("a pcap wire without files", "rx: FILE to receive, tx: FILE to send, or both");
        }
        return new WireConfig.Pcap(rx, tx);
    }

    private static WireConfig replay(DocumentNode port) {
        refuse(port, "replay", List.of("rx", "loops"));
        Path rx = path(port.required("rx"));
        long loops = port.get("loops").map(node -> node.asLong(1, WireConfig.Replay.ENDLESS))
            .orElse(WireConfig.Replay.ENDLESS);
        return new WireConfig.Replay(rx, loops);
    }

    private static WireConfig gen(DocumentNode port) {
        refuse(port, "gen", List.of("profile", "ring"));
        int ringSlots = port.get("ring").map(node ->
            node.asInt(WireConfig.Gen.RING_SLOTS_MIN, WireConfig.Gen.RING_SLOTS_MAX))
            .orElse(WireConfig.Gen.RING_SLOTS_USUAL);
        return new WireConfig.Gen(path(port.required("profile")), ringSlots);
    }

    private static WireConfig tap(DocumentNode port) {
        refuse(port, "tap", List.of("device", "vnet-hdr", "idle"));
        var mine = new DocumentProblems();
        Optional<String> device = mine.attempt(() -> port.required("device").as(WireReader::parseDevice));
        // With a NIC in front of it, the queues are the NIC's.
        Optional<Integer> queues = mine.attempt(() -> port.get("queues").filter(_ -> !port.has("nic"))
            .map(node -> node.asInt(1, WireConfig.Tap.QUEUES_MAX)).orElse(1));
        Optional<Boolean> hasVnetHeader = mine.attempt(() -> port.get("vnet-hdr")
            .map(DocumentNode::asBoolean).orElse(true));
        Optional<String> idle = mine.attempt(() -> port.get("idle")
            .map(node -> node.asOneOf("sleep", "spin")).orElse("sleep"));
        mine.throwIfAny();
        return new WireConfig.Tap(device.get(), queues.get(), hasVnetHeader.get(), idle.get().equals("spin"));
    }

    private static String parseDevice(String text) {
        if (InterfaceRules.isName(text)) return text;
        throw new IllegalArgumentException("\"" + text + "\" is no name for a device; allowed: "
            + InterfaceRules.NAME_RULE);
    }

    private static void refuse(DocumentNode port, String wire, List<String> allowed) {
        var problems = new DocumentProblems();
        for (String key : KEYS) {
            if (allowed.contains(key)) continue;
            port.get(key).ifPresent(value -> problems.add(value.keyError(
                "\"" + key + "\" has no meaning with wire: " + wire,
                allowed.isEmpty() ? "nothing more" : String.join(", ", allowed))));
        }
        problems.throwIfAny();
    }

    private static Path path(DocumentNode node) {
        if (node.asString().isEmpty()) throw node.error("an empty path", "the name of a file");
        return node.as(Path::of);
    }

    private WireReader() {}
}
