package io.millrace.perf.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the parser benchmark found: medians over its rounds.
///
/// @param cases  one entry a kind of traffic; the first stands for the whole
/// @param rounds how many times each was measured, in turn
public record ParserResult(List<Case> cases, int rounds) {

    /// Nanoseconds a packet of the three parsers on one kind of traffic. The hand-written walk stops where an inner
    /// packet begins.
    ///
    /// @param traffic                  what was parsed
    /// @param ns                       by the generated parser
    /// @param allocatedBytesPerPacket  by it, on the heap
    /// @param interpretedNs            by the device's table walk
    /// @param handWrittenNs            by [HandWrittenWalk]
    public record Case(String traffic, int packetCount, double ns, double allocatedBytesPerPacket, double interpretedNs,
                       double handWrittenNs) {

        /// How often faster the generated parser is than the walk written by hand.
        public double ratio()            { return handWrittenNs / ns; }
        public double interpretedRatio() { return interpretedNs / ns; }
    }

    public ParserResult {
        cases = List.copyOf(cases);
    }

    /// The members of the JSON object: the first case's, and those of every case.
    Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        members.put("bench", "parser");
        members.putAll(members(cases.getFirst()));
        members.put("peer", "hand-written walk");
        members.put("rounds", rounds);
        var all = new ArrayList<Map<String, Object>>();
        for (Case each : cases) all.add(members(each));
        members.put("cases", all);
        return members;
    }

    private static Map<String, Object> members(Case each) {
        var members = new LinkedHashMap<String, Object>();
        members.put("traffic", each.traffic());
        members.put("packets", each.packetCount());
        members.put("mpps", rounded(1000 / each.ns()));
        members.put("nsPerPacket", rounded(each.ns()));
        members.put("allocatedBytesPerPacket", rounded(each.allocatedBytesPerPacket()));
        members.put("peerMpps", rounded(1000 / each.handWrittenNs()));
        members.put("peerNsPerPacket", rounded(each.handWrittenNs()));
        members.put("ratio", rounded(each.ratio()));
        members.put("interpretedNsPerPacket", rounded(each.interpretedNs()));
        members.put("interpretedRatio", rounded(each.interpretedRatio()));
        return members;
    }

    /// A table for people.
    String text() {
        var text = new StringBuilder(String.format("%-24s %10s %14s %14s %7s %12s%n", "ns a packet", "generated",
            "hand-written", "interpreted", "bytes", "packets"));
        for (Case each : cases) {
            text.append(String.format(Locale.ROOT, "%-24s %10.2f %8.2f %4.2fx %8.2f %4.1fx %7.3f %12d%n", each.traffic(),
                each.ns(), each.handWrittenNs(), each.ratio(), each.interpretedNs(), each.interpretedRatio(),
                each.allocatedBytesPerPacket(), each.packetCount()));
        }
        return text.append("The hand-written walk stops where an inner packet begins.").append(System.lineSeparator())
            .toString();
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
