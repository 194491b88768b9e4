package io.millrace.perf.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// What the flow benchmark found: medians over its rounds.
///
/// @param forwarding what every benchmark of forwarding finds; its peer is testpmd `5tswap`
/// @param flowCount  flows in the table
/// @param isNat      source addresses and ports were translated
/// @param shareSent  of the packets received, those that the fast path sent
/// @param csumMpps   testpmd `csum` in the same rounds, million packets a second; `NaN` or 0 without a peer
public record FlowResult(BenchResult forwarding, int flowCount, boolean isNat, double shareSent, double csumMpps) {

    Map<String, Object> members() {
        var members = new LinkedHashMap<>(forwarding.members());
        members.put("flows", flowCount);
        members.put("nat", isNat);
        members.put("shareSent", Math.round(shareSent * 1e6) / 1e6);
        if (forwarding.hasPeer()) {
            members.put("csumMpps", Math.round(csumMpps * 1000) / 1000.0);
            members.put("csumRatio", Math.round(forwarding.mpps() / csumMpps * 1000) / 1000.0);
        }
        return members;
    }

    /// A few lines for people.
    String text() {
        var text = new StringBuilder(forwarding.text());
        if (forwarding.hasPeer()) {
            text.append(String.format(Locale.ROOT, "%-28s %8.1f Mpps %7.1f ns a packet, ratio %.2f%n", "testpmd csum",
                csumMpps, 1000 / csumMpps, forwarding.mpps() / csumMpps));
        }
        return text.append(String.format(Locale.ROOT, "%-28s %8d flows%s, %.2f %% of the packets sent by the fast path%n",
            "flow table", flowCount, isNat ? " with NAT" : "", 100 * shareSent)).toString();
    }
}
