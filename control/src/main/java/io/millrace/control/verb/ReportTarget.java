package io.millrace.control.verb;

import io.millrace.control.config.TargetFile;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.WireConfig;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The file that a report is to be written to. Checked before the run, which may take hours.
record ReportTarget(Path file) {

    void check(Path configFile, DataplaneConfig config) {
        var output = new TargetFile(file);
        String objection = output.objection();
        if (!objection.isEmpty()) throw refused(objection);
        List<Path> taken = new ArrayList<>(List.of(configFile));
        for (PortConfig port : config.ports()) {
            switch (port.wire()) {
                case WireConfig.Pcap pcap -> {
                    pcap.rx().ifPresent(taken::add);
                    pcap.tx().ifPresent(taken::add);
                }
                case WireConfig.Replay replay -> taken.add(replay.rx());
                case WireConfig.Tap _, WireConfig.Null _ -> { }
            }
        }
        for (Path other : taken) {
            if (output.isSameAs(other)) throw refused("the run itself uses " + other);
        }
    }

    private ConfigException refused(String why) {
        return new ConfigException("--report-file " + file + " cannot be written: " + why);
    }
}
