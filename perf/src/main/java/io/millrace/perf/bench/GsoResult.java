package io.millrace.perf.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the segmentation benchmark found: medians over its rounds.
///
/// @param cases  who fills in the checksums, and how fast it went; the first stands for the whole
/// @param rounds how many times each was measured, in turn
public record GsoResult(List<Case> cases, int rounds) {

    /// One case: million segments a second of one core, and heap bytes allocated for each.
    public record Case(String sums, double mpps, double allocatedBytesPerPacket) {

        public double nsPerPacket()     { return 1000 / mpps; }
        /// Of whole frames, without preamble and gap.
        public double gbitPerSecond()   { return mpps * GsoTraffic.frameBytes() * 8 / 1000; }

        Map<String, Object> members() {
            var members = new LinkedHashMap<String, Object>();
            members.put("sums", sums);
            members.put("mpps", rounded(mpps));
            members.put("nsPerPacket", rounded(nsPerPacket()));
            members.put("gbitPerSecond", rounded(gbitPerSecond()));
            members.put("allocatedBytesPerPacket", rounded(allocatedBytesPerPacket));
            return members;
        }
    }

    public GsoResult {
        cases = List.copyOf(cases);
    }

    /// The members of the JSON object: those of the first case, and all cases.
    Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        members.put("bench", "gso");
        members.put("segmentBytes", GsoTraffic.SEGMENT_BYTES);
        members.putAll(cases.getFirst().members());
        members.put("rounds", rounds);
        var all = new ArrayList<Map<String, Object>>();
        for (Case each : cases) all.add(each.members());
        members.put("cases", all);
        return members;
    }

    /// A few lines for people.
    String text() {
        var text = new StringBuilder();
        for (Case each : cases) {
            text.append(String.format(Locale.ROOT,
                "gso, sums by %-8s %8.1f Mpps of segments %7.1f ns each %8.1f Gbit/s %6.3f bytes allocated each%n",
                each.sums(), each.mpps(), each.nsPerPacket(), each.gbitPerSecond(), each.allocatedBytesPerPacket()));
        }
        return text.toString();
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
