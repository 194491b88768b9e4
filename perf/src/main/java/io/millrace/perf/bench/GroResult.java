package io.millrace.perf.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the benchmark of merging found: medians over its rounds.
///
/// @param cases  one entry a kind of traffic; the first stands for the whole
/// @param rounds how many times each was measured, in turn
/// @param routed from end to end, or null
public record GroResult(List<Case> cases, int rounds, MergedRouting.Result routed) {

    /// One kind of traffic.
    ///
    /// @param isSumKnown whether a device summed the frames (COMPLETE), or merging has to
    /// @param ns         a segment
    /// @param merged     segments in a packet that comes out, on average
    public record Case(int flows, boolean isSumKnown, int payloadBytes, int frameBytes, double ns,
                       double allocatedBytesPerPacket, double merged) {

        public double mpps()           { return 1000 / ns; }
        public double gbitsPerSecond() { return frameBytes * 8 / ns; }
    }

    private static final String PEER = "testpmd csum, gro on";

    public GroResult {
        cases = List.copyOf(cases);
    }

    /// The members of the JSON object: the first case's, and those of every case.
    Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        members.put("bench", "gro");
        members.putAll(members(cases.getFirst()));
        members.put("rounds", rounds);
        var all = new ArrayList<Map<String, Object>>();
        for (Case each : cases) all.add(members(each));
        members.put("cases", all);
        if (routed == null) return members;
        members.put("routedMpps", rounded(routed.mpps()));
        members.put("routedPlainMpps", rounded(routed.plainMpps()));
        members.put("routedGain", rounded(routed.gain()));
        members.put("routedAllocatedBytesPerPacket", rounded(routed.allocatedBytesPerPacket()));
        if (routed.peerMpps() == 0) return members;
        members.put("peer", PEER);
        members.put("peerMpps", rounded(routed.peerMpps()));
        members.put("ratio", rounded(routed.ratio()));
        return members;
    }

    private static Map<String, Object> members(Case each) {
        var members = new LinkedHashMap<String, Object>();
        members.put("flows", each.flows());
        members.put("checksum", checksum(each));
        members.put("payloadBytes", each.payloadBytes());
        members.put("mpps", rounded(each.mpps()));
        members.put("gbitsPerSecond", rounded(each.gbitsPerSecond()));
        members.put("nsPerPacket", rounded(each.ns()));
        members.put("allocatedBytesPerPacket", rounded(each.allocatedBytesPerPacket()));
        members.put("segmentsPerPacket", rounded(each.merged()));
        return members;
    }

    private static String checksum(Case each) {
        return each.isSumKnown() ? "known" : "verified";
    }

    /// A table for people.
    String text() {
        var text = new StringBuilder(String.format("%6s %10s %8s %8s %8s %8s %10s%n", "flows", "checksum", "ns", "Mpps",
            "Gbit/s", "merged", "allocated"));
        for (Case each : cases) {
            text.append(String.format(Locale.ROOT, "%6d %10s %8.1f %8.2f %8.0f %8.1f %10.3f%n", each.flows(),
                checksum(each), each.ns(), each.mpps(), each.gbitsPerSecond(), each.merged(),
                each.allocatedBytesPerPacket()));
        }
        text.append(String.format("A packet is a segment with %d bytes of payload; \"merged\" is segments in a "
            + "packet that comes out.%n", cases.getFirst().payloadBytes()));
        if (routed == null) return text.toString();
        text.append(String.format(Locale.ROOT, "%nmerged, routed, cut       %6.2f Mpps, %.2f x %.2f Mpps without "
            + "merging, %.3f bytes allocated a packet%n", routed.mpps(), routed.gain(), routed.plainMpps(),
            routed.allocatedBytesPerPacket()));
        if (routed.peerMpps() == 0) return text.toString();
        return text.append(String.format(Locale.ROOT, "%-25s %6.2f Mpps%nratio                     %6.2f%n", PEER,
            routed.peerMpps(), routed.ratio())).toString();
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
