package io.millrace.perf.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// What one benchmark found: medians over its rounds. Figures of a peer are `NaN` where there was none.
///
/// @param name                     the verb: `io`, `route`
/// @param mpps                     million packets a second of one core
/// @param allocatedBytesPerPacket  on the heap, by the measuring thread
/// @param ioMpps                   the same work with receive and transmit alone
/// @param peer                     what was measured beside it, or null
/// @param peerMpps                 its million packets a second
/// @param peerIoMpps               its receive and transmit alone
/// @param rounds                   how many times each was measured, in turn
public record BenchResult(String name, double mpps, double allocatedBytesPerPacket, double ioMpps, String peer,
                          double peerMpps, double peerIoMpps, int rounds) {

    public double nsPerPacket()     { return 1000 / mpps; }
    public double ratio()           { return mpps / peerMpps; }
    /// Nanoseconds of the work beyond receive and transmit.
    public double netNs()           { return 1000 / mpps - 1000 / ioMpps; }
    public double peerNetNs()       { return 1000 / peerMpps - 1000 / peerIoMpps; }
    public boolean hasPeer()        { return peer != null; }

    /// The members of the JSON object; every benchmark has those it measured by these names.
    Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        members.put("bench", name);
        members.put("mpps", rounded(mpps));
        members.put("nsPerPacket", rounded(nsPerPacket()));
        members.put("allocatedBytesPerPacket", rounded(allocatedBytesPerPacket));
        members.put("ioMpps", rounded(ioMpps));
        members.put("netNs", rounded(netNs()));
        members.put("rounds", rounds);
        if (hasPeer()) {
            members.put("peer", peer);
            members.put("peerMpps", rounded(peerMpps));
            members.put("ratio", rounded(ratio()));
            members.put("peerIoMpps", rounded(peerIoMpps));
            members.put("peerNetNs", rounded(peerNetNs()));
        }
        return members;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    /// A few lines for people.
    String text() {
        var text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%-28s %8.1f Mpps %7.1f ns a packet %6.3f bytes allocated a packet%n",
            "millrace " + name, mpps, nsPerPacket(), allocatedBytesPerPacket));
        if (hasPeer()) {
            text.append(String.format(Locale.ROOT, "%-28s %8.1f Mpps %7.1f ns a packet%n", peer, peerMpps,
                1000 / peerMpps));
            text.append(String.format(Locale.ROOT, "%-28s %8.2f%n", "ratio", ratio()));
        }
        if (!name.equals("io")) {
            text.append(String.format(Locale.ROOT, "%-28s %8.1f ns (io alone %.1f Mpps)%n", "net cost over io", netNs(),
                ioMpps));
            if (hasPeer()) {
                text.append(String.format(Locale.ROOT, "%-28s %8.1f ns (io alone %.1f Mpps)%n", "net cost of the peer",
                    peerNetNs(), peerIoMpps));
            }
        }
        return text.toString();
    }
}
