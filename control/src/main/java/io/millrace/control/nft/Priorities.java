package io.millrace.control.nft;

import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.Hook;

import java.util.LinkedHashMap;
import java.util.Map;

/// The names of priorities.
final class Priorities {

    /// A name is written for a priority at most this far from it.
    private static final int NEAR = 10;

    private static final Map<String, Integer> ROUTED = new LinkedHashMap<>();
    private static final Map<String, Integer> BRIDGED = new LinkedHashMap<>();

    static {
        ROUTED.put("raw", -300);
        ROUTED.put("mangle", -150);
        ROUTED.put("dstnat", -100);
        ROUTED.put("filter", 0);
        ROUTED.put("security", 50);
        ROUTED.put("srcnat", 100);
        BRIDGED.put("dstnat", -300);
        BRIDGED.put("filter", -200);
        BRIDGED.put("out", 100);
        BRIDGED.put("srcnat", 300);
    }

    /// The priority of this name, or null where the family or hook has none.
    static Integer named(Family family, Hook hook, String name) {
        Integer priority = names(family).get(name);
        return priority != null && isAt(family, hook, name) ? priority : null;
    }

    private static Map<String, Integer> names(Family family) {
        return switch (family) {
            case BRIDGE -> BRIDGED;
            case ARP, NETDEV -> Map.of("filter", 0);
            default -> ROUTED;
        };
    }

    /// `dstnat` at output is of nftables 1.0.8; older ones know it at prerouting alone.
    private static boolean isAt(Family family, Hook hook, String name) {
        return switch (name) {
            case "dstnat" -> hook == Hook.PREROUTING || hook == Hook.OUTPUT;
            case "srcnat" -> hook == Hook.POSTROUTING;
            case "out" -> hook == Hook.OUTPUT;
            default -> true;
        };
    }

    /// As a listing writes it: a name, a name and a distance, or the number.
    static String text(Family family, Hook hook, int priority) {
        String best = null;
        int distance = NEAR + 1;
        for (var entry : names(family).entrySet()) {
            boolean isListed = isAt(family, hook, entry.getKey())
                && !(entry.getKey().equals("dstnat") && hook == Hook.OUTPUT);
            if (isListed && Math.abs(priority - entry.getValue()) < Math.abs(distance)) {
                best = entry.getKey();
                distance = priority - entry.getValue();
            }
        }
        if (best == null) return Integer.toString(priority);
        if (distance == 0) return best;
        return best + (distance > 0 ? " + " : " - ") + Math.abs(distance);
    }

    private Priorities() {}
}
