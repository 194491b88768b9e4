package io.millrace.perf.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the benchmark of TAP ports found: medians over its rounds.
///
/// @param ways   Millrace first, then what it is compared with
/// @param rounds how many times each was measured, in turn
record TapResult(List<Way> ways, int rounds) {

    /// What is promised: so much of what the C loop does.
    private static final double PROMISED = 0.9;

    /// One way from the client to the server. Latencies are in nanoseconds, of a round trip.
    record Way(String name, double tcpGsoGbps, double tcpGbps, double udpMpps, double medianNs, double p99Ns,
               double p999Ns) {

        Map<String, Object> members() {
            var members = new LinkedHashMap<String, Object>();
            members.put("name", name);
            members.put("tcpGsoGbps", rounded(tcpGsoGbps));
            members.put("tcpGbps", rounded(tcpGbps));
            members.put("udpMpps", rounded(udpMpps));
            members.put("echoMedianNs", Math.round(medianNs));
            members.put("echoP99Ns", Math.round(p99Ns));
            members.put("echoP999Ns", Math.round(p999Ns));
            return members;
        }
    }

    TapResult {
        ways = List.copyOf(ways);
    }

    Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        members.put("bench", "tap");
        members.put("rounds", rounds);
        members.put("promisedRatio", PROMISED);
        members.put("ways", ways.stream().map(Way::members).toList());
        for (Way way : ways.subList(1, ways.size())) {
            members.put("tcpGsoRatioTo" + way.name, rounded(ways.getFirst().tcpGsoGbps / way.tcpGsoGbps));
            members.put("udpRatioTo" + way.name, rounded(ways.getFirst().udpMpps / way.udpMpps));
        }
        return members;
    }

    /// A table for people.
    String text() {
        var text = new StringBuilder(String.format("%-10s %14s %14s %12s %30s%n", "", "TCP, GSO", "TCP, no GSO",
            "UDP 64 B", "echo: median, p99, p99.9"));
        for (Way way : ways) {
            text.append(String.format(Locale.ROOT, "%-10s %9.2f Gb/s %9.2f Gb/s %7.3f Mpps %11.1f %8.1f %8.1f us%n",
                way.name, way.tcpGsoGbps, way.tcpGbps, way.udpMpps, way.medianNs / 1e3, way.p99Ns / 1e3,
                way.p999Ns / 1e3));
        }
        Way own = ways.getFirst();
        for (Way way : ways.subList(1, ways.size())) {
            text.append(String.format(Locale.ROOT, "of %-7s %14.2f %14.2f %12.2f%n", way.name,
                own.tcpGsoGbps / way.tcpGsoGbps, own.tcpGbps / way.tcpGbps, own.udpMpps / way.udpMpps));
        }
        text.append(String.format(Locale.ROOT, "promised: %.1f of loop, for TCP with GSO and for UDP%n", PROMISED));
        return text.toString();
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
