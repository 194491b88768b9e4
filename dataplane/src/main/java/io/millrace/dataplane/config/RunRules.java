package io.millrace.dataplane.config;

import java.util.List;

/// Workers, threads and ports must fit each other.
final class RunRules {

    private final ConfigProblems problems;

    RunRules(ConfigProblems problems) {
        this.problems = problems;
    }

    void check(int workers, Threading threading, List<PortConfig> ports) {
        if (ports.isEmpty()) {
            problems.add("ports", "no port is given", "at least one");
        } else if (DataplaneConfig.isOffline(ports)) {
            checkOffline(workers, threading);
        } else if (workers > ports.size()) {
            problems.add("workers", "more workers than ports: " + workers + " > " + ports.size(),
                "at most one for each port, which has one queue");
        }
    }

    private void checkOffline(int workers, Threading threading) {
        if (threading == Threading.DEDICATED) {
            problems.add("threading", "every wire is pcap or null, and offline runs use virtual time and one thread",
                "shared");
        }
        if (workers > 1) {
            problems.add("workers", "every wire is pcap or null, and offline runs have one worker", "1");
        }
    }
}
