package io.millrace.dataplane.config;

import java.util.HashMap;
import java.util.List;

/// Workers, threads and ports must fit each other.
final class RunRules {

    private final ConfigProblems problems;

    RunRules(ConfigProblems problems) {
        this.problems = problems;
    }

    void check(int workers, Threading threading, Forwarding forwarding, List<PortConfig> ports) {
        checkDevices(ports);
        if (ports.isEmpty()) {
            problems.add("ports", "no port is given", "at least one");
        } else if (DataplaneConfig.isOffline(ports)) {
            checkOffline(workers, threading);
        } else {
            checkLive(workers, forwarding, ports.size() / 2);
        }
    }

    private void checkDevices(List<PortConfig> ports) {
        var portByDevice = new HashMap<String, String>();
        for (PortConfig port : ports) {
            if (!(port.wire() instanceof WireConfig.Tap tap)) continue;
            String other = portByDevice.putIfAbsent(tap.device(), port.wireEntry());
            if (other == null) continue;
            problems.add("ports/" + port.wireEntry() + "/device",
                "device " + tap.device() + " is the wire of port " + other + " already", "a device of its own");
        }
    }

    private void checkLive(int workers, Forwarding forwarding, int pairCount) {
        if (workers == 1) return;
        if (forwarding == Forwarding.ROUTER) {
            problems.add("workers", "more than one worker is not available yet in this version for a router", "1");
        } else if (workers > pairCount) {
            problems.add("workers", "more workers than pairs of ports: " + workers + " > " + pairCount,
                "at most one for each pair");
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
