package io.millrace.control.config;

import java.nio.file.Path;
import java.util.Optional;

/// How a live run is controlled and looked at: what of a config file concerns neither packets nor ports.
///
/// @param file     the config file, for `config reload`
/// @param socket   where clients connect
/// @param counters mapped file of counters
/// @param metrics  where Prometheus scrapes
public record ControlConfig(Optional<Path> file, Optional<Path> socket, Optional<Path> counters,
                            Optional<MetricsAddress> metrics) {

    /// No control at all.
    public static final ControlConfig NONE =
        new ControlConfig(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /// True if anything of it needs the control thread.
    public boolean isWanted() {
        return socket.isPresent() || counters.isPresent() || metrics.isPresent();
    }

    ControlConfig of(Path configFile) {
        return new ControlConfig(Optional.of(configFile), socket, counters, metrics);
    }

    /// Where the counters of a socket's process lie unless told otherwise: beside the socket, `.counters` for `.sock`.
    public static Path countersBeside(Path socket) {
        String name = socket.getFileName().toString();
        String stem = name.endsWith(".sock") ? name.substring(0, name.length() - ".sock".length()) : name;
        return socket.resolveSibling(stem + ".counters");
    }
}
