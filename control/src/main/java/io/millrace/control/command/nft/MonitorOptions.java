package io.millrace.control.command.nft;

import io.millrace.control.live.Refusal;
import io.millrace.control.nft.RulesetEvent;
import io.millrace.control.nft.TextListing;

import java.util.List;
import java.util.Locale;

/// What `nft monitor [new|destroy] [WHAT]` is to tell.
///
/// @param tellsNew     things that came or changed
/// @param tellsDestroy things that went away
/// @param kind         null for every kind
/// @param isWhole      nothing was said of what is wanted: generations are told too
record MonitorOptions(boolean tellsNew, boolean tellsDestroy, RulesetEvent.Kind kind, boolean isWhole,
                      TextListing.Style style, boolean isJson) {

    static final List<String> WHATS = List.of("tables", "chains", "sets", "rules", "elements", "ruleset");

    private static final String MONITOR = "monitor";

    static boolean isAsked(NftOptions options) {
        return options.title().isEmpty() && options.text().split("\\s+")[0].equals(MONITOR);
    }

    static MonitorOptions read(NftOptions options, boolean isJson) {
        List<String> words = List.of(options.text().strip().split("\\s+"));
        int next = 1;
        String event = "";
        if (next < words.size() && List.of("new", "destroy").contains(words.get(next))) event = words.get(next++);
        String what = next < words.size() ? words.get(next++) : "";
        if (what.equals("trace")) {
            throw new Refusal(1, "nft: monitor trace is not in this version; trace add PORT N, then trace show, tells "
                + "what each rule decided");
        }
        if (next < words.size() || !what.isEmpty() && !WHATS.contains(what)) {
            throw new Refusal(1, "nft: monitor: \"" + words.get(next < words.size() ? next : next - 1)
                + "\" is not known there; allowed: monitor [new|destroy] [" + String.join("|", WHATS) + "]");
        }
        boolean isEvery = what.isEmpty() || what.equals("ruleset");
        RulesetEvent.Kind kind = isEvery ? null : RulesetEvent.Kind.valueOf(what.toUpperCase(Locale.ROOT));
        return new MonitorOptions(!event.equals("destroy"), !event.equals("new"), kind,
            event.isEmpty() && what.isEmpty(), options.style(), isJson);
    }

    boolean wants(RulesetEvent event) {
        return (event.isDeletion() ? tellsDestroy : tellsNew) && (kind == null || kind == event.kind());
    }
}
