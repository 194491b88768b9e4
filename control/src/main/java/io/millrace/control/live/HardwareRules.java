package io.millrace.control.live;

import io.millrace.flow.flower.nft.NotOffloadable;
import io.millrace.flow.flower.nft.OffloadedRule;
import io.millrace.flow.ruleset.Rule;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.Table;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Rules of chains with `flags offload`, in hardware. Software runs such a chain only on packets that hardware has not
/// run it on.
///
/// Control thread alone.
public interface HardwareRules {

    /// There is no hardware.
    HardwareRules NONE = new HardwareRules() {

        @Override
        public Map<String, List<OffloadedRule>> change(Map<String, List<OffloadedRule>> rules)
                throws NotOffloadable {
            Optional<OffloadedRule> first = rules.values().stream().flatMap(List::stream).findFirst();
            if (first.isEmpty()) return Map.of();
            throw new NotOffloadable(first.get().table(), first.get().chain(), first.get().rule(), null,
                "no port is at a NIC");
        }

        @Override
        public Counts counts() {
            return (_, _) -> NOTHING;
        }
    };

    /// Packets and bytes of a rule that hardware knows nothing of.
    long[] NOTHING = {0, 0};

    /// From now on hardware has these rules, by device, and no others. Returns those it had before. Refuses, and then
    /// nothing has changed.
    Map<String, List<OffloadedRule>> change(Map<String, List<OffloadedRule>> rules) throws NotOffloadable;

    /// What hardware has counted by now.
    Counts counts();

    /// Packets and bytes of rules.
    @FunctionalInterface
    interface Counts {

        long[] of(Table table, Rule rule);
    }

    /// The ruleset with what hardware counted added to the counters of its rules.
    static Ruleset counted(Ruleset ruleset, Counts counts) {
        return OffloadCounters.add(ruleset, counts);
    }
}
