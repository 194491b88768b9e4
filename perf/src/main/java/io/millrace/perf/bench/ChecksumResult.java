package io.millrace.perf.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the checksum benchmark found: medians over its rounds.
///
/// @param sizes          one entry a length
/// @param incrementalNs  to lower a TTL and update the header's checksum
/// @param hasVectors     whether sums were taken with vectors
/// @param peer           what was measured beside it, or null
/// @param rounds         how many times each was measured, in turn
public record ChecksumResult(List<Size> sizes, double incrementalNs, boolean hasVectors, String peer, int rounds) {

    /// The length whose figures stand for the whole: a full TCP segment.
    private static final int HEADLINE_BYTES = 1460;

    /// One length; `peerNs` is `NaN` without a peer.
    public record Size(int bytes, double ns, double allocatedBytesPerPacket, double peerNs) {

        public double gbPerSecond()     { return bytes / ns; }
        public double peerGbPerSecond() { return bytes / peerNs; }
        public double ratio()           { return peerNs / ns; }
    }

    public ChecksumResult {
        sizes = List.copyOf(sizes);
    }

    public Size headline() {
        return sizes.stream().filter(size -> size.bytes() == HEADLINE_BYTES).findFirst().orElse(sizes.getLast());
    }

    /// The members of the JSON object: the headline's, and those of every length.
    Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        members.put("bench", "checksum");
        members.putAll(members(headline()));
        members.put("rounds", rounds);
        members.put("vectors", hasVectors);
        members.put("incrementalNs", rounded(incrementalNs));
        if (peer != null) members.put("peer", peer);
        var all = new ArrayList<Map<String, Object>>();
        for (Size size : sizes) all.add(members(size));
        members.put("sizes", all);
        return members;
    }

    private Map<String, Object> members(Size size) {
        var members = new LinkedHashMap<String, Object>();
        members.put("bytes", size.bytes());
        members.put("gbPerSecond", rounded(size.gbPerSecond()));
        members.put("nsPerPacket", rounded(size.ns()));
        members.put("allocatedBytesPerPacket", rounded(size.allocatedBytesPerPacket()));
        if (peer != null) {
            members.put("peerGbPerSecond", rounded(size.peerGbPerSecond()));
            members.put("peerNsPerPacket", rounded(size.peerNs()));
            members.put("ratio", rounded(size.ratio()));
        }
        return members;
    }

    /// A table for people.
    String text() {
        var text = new StringBuilder();
        text.append(String.format("%8s %10s %10s%s%n", "bytes", "ns", "GB/s",
            peer == null ? "" : String.format(" %14s %10s %7s", peer + " ns", "GB/s", "ratio")));
        for (Size size : sizes) {
            text.append(String.format(Locale.ROOT, "%8d %10.2f %10.1f", size.bytes(), size.ns(), size.gbPerSecond()));
            if (peer != null) {
                text.append(String.format(Locale.ROOT, " %16.2f %10.1f %7.2f", size.peerNs(), size.peerGbPerSecond(),
                    size.ratio()));
            }
            text.append(System.lineSeparator());
        }
        text.append(String.format(Locale.ROOT,
            "incremental update of a TTL: %.2f ns; %s; %.3f bytes allocated a packet%n", incrementalNs,
            hasVectors ? "with vectors" : "without vectors (no jdk.incubator.vector)",
            sizes.stream().mapToDouble(Size::allocatedBytesPerPacket).max().orElse(0)));
        return text.toString();
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
