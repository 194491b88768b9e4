package io.millrace.perf.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the benchmark of rulesets found: medians over its rounds.
///
/// @param emptyNs                 a packet through the slow path and a chain without rules
/// @param cases                   what rules cost beyond that
/// @param allocatedBytesPerPacket on the heap, the most of any case
/// @param rounds                  how many times each was measured, in turn
record RulesResult(double emptyNs, List<Case> cases, double allocatedBytesPerPacket, int rounds) {

    /// @param ns a packet, beyond the chain without rules
    record Case(RulesBench.Kind kind, int size, double ns) {}

    RulesResult {
        cases = List.copyOf(cases);
    }

    /// The members of the JSON object.
    Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        members.put("bench", "rules");
        members.put("emptyNs", rounded(emptyNs));
        members.put("allocatedBytesPerPacket", rounded(allocatedBytesPerPacket));
        members.put("rounds", rounds);
        var all = new ArrayList<Map<String, Object>>();
        for (Case each : cases) {
            var one = new LinkedHashMap<String, Object>();
            one.put("kind", label(each.kind()));
            one.put("size", each.size());
            one.put("ns", rounded(each.ns()));
            all.add(one);
        }
        members.put("cases", all);
        return members;
    }

    /// A few lines for people.
    String text() {
        var text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%-28s %10.1f ns a packet %6.3f bytes allocated a packet%n",
            "chain without rules", emptyNs, allocatedBytesPerPacket));
        for (Case each : cases) {
            String name = String.format(Locale.ROOT, "%,d in a %s", each.size(), label(each.kind()));
            text.append(String.format(Locale.ROOT, "%-28s %+10.1f ns%n", name, each.ns()));
        }
        return text.toString();
    }

    private static String label(RulesBench.Kind kind) {
        return switch (kind) {
            case RULES -> "chain";
            case SET -> "set";
            case MAP -> "verdict map";
        };
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
