package io.millrace.control.config;

import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.DocumentProblems;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Reads `control`, `counters` and `metrics`.
final class ControlReader {

    /// `sun_path` holds 108 bytes with its zero; the socket is made under a longer name first.
    private static final int SOCKET_PATH_BYTES_MAX = 85;

    private final DocumentNode root;
    private final DocumentProblems problems;

    ControlReader(DocumentNode root, DocumentProblems problems) {
        this.root = root;
        this.problems = problems;
    }

    ControlConfig read() {
        Optional<Path> socket = path("control").filter(this::isShort);
        Optional<Path> counters = path("counters").or(() -> socket.map(ControlConfig::countersBeside));
        Optional<MetricsAddress> metrics =
            root.get("metrics").flatMap(node -> problems.attempt(() -> metrics(node)));
        return new ControlConfig(Optional.empty(), socket, counters, metrics);
    }

    private Optional<Path> path(String key) {
        return root.get(key).flatMap(node -> problems.attempt(() -> {
            if (node.asString().isEmpty()) throw node.error("an empty path", "the name of a file");
            return node.as(Path::of);
        }));
    }

    private boolean isShort(Path socket) {
        byte[] path = socket.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8);
        if (path.length <= SOCKET_PATH_BYTES_MAX) return true;
        problems.add(root.required("control").error("the path of a socket is too long",
            "at most " + SOCKET_PATH_BYTES_MAX + " bytes from the root of the file system"));
        return false;
    }

    private static MetricsAddress metrics(DocumentNode node) {
        return node.kind() == DocumentNode.Kind.NUMBER ? MetricsAddress.parse("" + node.asInt(0, 65_535))
            : node.as(MetricsAddress::parse);
    }

    /// Virtual time passes too quickly for anybody to look on.
    void refuseOffline() {
        for (String key : List.of("control", "counters", "metrics")) {
            root.get(key).ifPresent(node -> problems.add(node.keyError("\"" + key + "\" has no meaning here: every wire is "
                + "pcap or null, and offline runs use virtual time")));
        }
    }
}
