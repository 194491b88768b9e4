package io.millrace.simulation.world;

import io.millrace.control.nft.NftLoader;
import io.millrace.control.nft.Source;
import io.millrace.flow.ruleset.Ruleset;

import java.util.ArrayList;
import java.util.List;

/// What rules a world lives under. Within one regime rulesets are swapped at any moment; what all of them have in
/// common is what the oracle counts on: that every connection is tracked, and which are translated.
enum Regime {

    /// No rules at all.
    PLAIN(false),
    /// Connections are tracked, and from time to time offloaded to the flow table.
    TRACKING(false),
    /// The same, and hosts of the lan speak to the world behind `wan` under the router's address.
    MASQUERADING(true);

    private static final String FLOWTABLE = """
            flowtable f { hook ingress priority 0; devices = { lan, wan, dmz, vlan20 }; %s counter; }
        """;
    private static final String[] FILTERS = {"ct state invalid drop",
        "ct state invalid drop; ct state established meta l4proto { tcp, udp } flow add @f",
        "ct state invalid drop; meta l4proto tcp flow add @f; counter",
        "ct state invalid drop; ct state established flow add @f",
        "ct state invalid drop; ip protocol udp ct state established flow add @f"};
    private static final String MASQUERADE = """
        table ip nat { chain post { type nat hook postrouting priority 100; \
        oifname "wan" ip saddr 192.0.2.0/24 masquerade; } }
        """;

    private final boolean isMasquerading;
    private final List<Ruleset> rulesets = new ArrayList<>();

    Regime(boolean isMasquerading) {
        this.isMasquerading = isMasquerading;
    }

    boolean isMasquerading() {
        return isMasquerading;
    }

    boolean hasRules() {
        return this != PLAIN;
    }

    /// The rulesets that it swaps between; none for [#PLAIN].
    List<Ruleset> rulesets() {
        if (!hasRules() || !rulesets.isEmpty()) return rulesets;
        for (int i = 0; i < FILTERS.length; i++) {
            String filter = FILTERS[i];
            String flowtable = FLOWTABLE.formatted(i == FILTERS.length - 1 ? "" : "flags offload;");
            String table = "table inet fw {\n" + (filter.contains("flow add") ? flowtable : "")
                + "    chain onward { type filter hook forward priority 0; policy accept; "
                + filter.replace("; ", "\n        ") + "\n    }\n}\n";
            NftLoader.Outcome outcome =
                NftLoader.load(Source.of("regime", table + (isMasquerading ? MASQUERADE : "")), Ruleset.EMPTY);
            if (!outcome.errorText().isEmpty()) throw new IllegalStateException(outcome.errorText());
            rulesets.add(outcome.ruleset());
        }
        return rulesets;
    }
}
