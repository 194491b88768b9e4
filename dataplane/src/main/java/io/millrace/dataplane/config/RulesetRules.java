package io.millrace.dataplane.config;

import io.millrace.flow.ruleset.Chain;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.Flowtable;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.Table;
import io.millrace.flow.ruleset.TrackingNeed;

import java.util.List;

/// A ruleset must name interfaces that there are, and hold nothing that cannot be executed.
final class RulesetRules {

    private static final String AT = "ruleset";

    private final List<String> interfaces;
    private final ConfigProblems problems;

    RulesetRules(Topology topology, ConfigProblems problems) {
        this.interfaces = topology.names();
        this.problems = problems;
    }

    void check(RulesConfig rules, int workers) {
        if (!rules.isGiven()) return;
        Ruleset ruleset = rules.ruleset();
        for (Table table : ruleset.tables().values()) checkDevices(table);
        boolean tracks = TrackingNeed.tracks(ruleset, Family.IP) || TrackingNeed.tracks(ruleset, Family.IP6);
        if (tracks && workers > 1) {
            problems.add("workers", "more than one worker together with a ruleset that tracks connections is not "
                + "available yet in this version", "1");
        }
        String objection = ExecutableRules.objectionTo(ruleset, interfaces);
        if (!objection.isEmpty()) problems.add(AT, "cannot be executed: " + objection);
    }

    private void checkDevices(Table table) {
        for (Chain chain : table.chains().values()) {
            chain.base().ifPresent(base -> checkDevices(table, "chain " + chain.name(), base.devices()));
        }
        for (Flowtable each : table.flowtables().values()) {
            checkDevices(table, "flowtable " + each.name(), each.devices());
        }
    }

    private void checkDevices(Table table, String owner, List<String> devices) {
        for (String device : devices) {
            if (interfaces.contains(device)) continue;
            problems.add(AT, table.family().text() + " " + table.name() + ", " + owner + ": no interface \"" + device
                + "\"", String.join(", ", interfaces));
        }
    }
}
