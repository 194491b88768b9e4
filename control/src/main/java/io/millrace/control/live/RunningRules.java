package io.millrace.control.live;

import io.millrace.control.event.ControlEvent;
import io.millrace.control.nft.Listing;
import io.millrace.control.nft.NftLoader;
import io.millrace.control.nft.Source;
import io.millrace.dataplane.assembly.RouterAssembly;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.RulesConfig;
import io.millrace.dataplane.hook.LoadedRules;
import io.millrace.flow.flower.nft.NotOffloadable;
import io.millrace.flow.flower.nft.OffloadedChains;
import io.millrace.flow.flower.nft.OffloadedRule;
import io.millrace.flow.rules.NotExecutable;
import io.millrace.flow.rules.RuleState;
import io.millrace.flow.ruleset.Chain;
import io.millrace.flow.ruleset.NamedObject;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.Table;

import java.util.List;
import java.util.Map;

/// The rules of a running router. Reading and compiling are done off the worker; what the worker does between two
/// bursts is to copy what it has counted, and to change over to a program that is ready.
///
/// ```
///  state  ─▶ worker: copy of counts and elements
///  read   ─▶ any thread: the commands, applied to the ruleset as it then was; the new program
///  commit ─▶ worker: take away what was taken away, take over the rest, change over
/// ```
public final class RunningRules {

    private static final int REFUSED = 1;

    private final RunningDataplane running;

    public RunningRules(RunningDataplane running) {
        this.running = running;
    }

    /// The ruleset as it was at one moment.
    ///
    /// @param state    null where no rules were ever loaded
    /// @param hardware what that has counted
    public record Present(Ruleset ruleset, RuleState state, HardwareRules.Counts hardware) {
    }

    /// A change that is ready.
    ///
    /// @param before  the ruleset as it was read
    /// @param outcome what reading the commands gave
    /// @param config  null where nothing changes, as the others then are
    public record Prepared(Ruleset before, NftLoader.Outcome outcome, DataplaneConfig config, LoadedRules rules,
                           RuleState.Edit edit, Map<String, List<OffloadedRule>> offloaded) {
    }

    /// On the control thread.
    public Present present() {
        RouterAssembly router = running.router();
        RuleState state = running.onRouter(nowNs -> router.hooks().rules() == null ? null
            : router.hooks().rules().program().state(nowNs));
        return new Present(running.config().rules().ruleset(), state, running.hardwareRules().counts());
    }

    /// What a listing shows. Any thread's, as long as it is one.
    public static Ruleset shown(Present present) {
        Ruleset ruleset = present.state() == null ? present.ruleset() : present.state().ruleset();
        return HardwareRules.counted(ruleset, present.hardware());
    }

    /// Reads commands against the ruleset as it is, and makes what they give ready to run. Refuses as `nft` does, and
    /// then nothing has changed. For a thread that may take its time, while the control thread leaves rules alone.
    public Prepared read(Source source, Present present) {
        NftLoader.Outcome outcome = NftLoader.load(source, shown(present));
        if (!outcome.isFine()) throw new Refusal(REFUSED, outcome.errorText());
        if (!outcome.hasChanges()) return new Prepared(shown(present), outcome, null, null, null, Map.of());
        var edit = present.state() == null ? new RuleState.Edit() : present.state().edit(outcome.ruleset());
        for (Listing each : outcome.listings()) {
            if (each.isReset() && present.state() != null) zero(each, shown(present), present.state(), edit);
        }
        RulesConfig before = running.config().rules();
        DataplaneConfig config = withRules(new RulesConfig(before.file(), outcome.ruleset(), before.looksUpFlows()));
        try {
            return new Prepared(shown(present), outcome, config, load(outcome.ruleset()), edit,
                offloaded(outcome.ruleset()));
        } catch (NotOffloadable e) {
            throw refusal(e, outcome);
        }
    }

    /// What is to be in hardware.
    Map<String, List<OffloadedRule>> offloaded(Ruleset ruleset) throws NotOffloadable {
        return OffloadedChains.translate(ruleset, running.portByName());
    }

    /// As `nft` says it, at the rule; and why.
    private static Refusal refusal(NotOffloadable refused, NftLoader.Outcome outcome) {
        return new Refusal(REFUSED, outcome.places().refused(refused.rule(), refused.getMessage()) + "\n"
            + refused.why());
    }

    private static void zero(Listing reset, Ruleset ruleset, RuleState state, RuleState.Edit edit) {
        for (Table table : ruleset.tables().values()) {
            if (!reset.shows(table)) continue;
            for (NamedObject each : table.objects()) {
                boolean isMeant = each.kind() == reset.objectKind()
                    && (reset.name().isEmpty() || reset.name().equals(each.name()));
                if (isMeant) state.zero(table, each.kind(), each.name(), edit);
            }
        }
    }

    private DataplaneConfig withRules(RulesConfig rules) {
        try {
            return running.config().withRules(rules);
        } catch (ConfigException e) {
            throw new Refusal(REFUSED, "Error: Could not process rule: Operation not supported\n" + e.getMessage());
        }
    }

    /// Makes rules ready to run.
    LoadedRules load(Ruleset ruleset) {
        try {
            return running.router().load(ruleset, running.nowNs());
        } catch (NotExecutable e) {
            throw new Refusal(REFUSED, "Error: Could not process rule: Operation not supported\n" + e.getMessage());
        }
    }

    /// From the next burst on what was prepared counts, in hardware first. Refuses where hardware does, and then
    /// nothing has changed. On the control thread.
    public void commit(Prepared prepared, String command) {
        RouterAssembly router = running.router();
        try {
            inHardware(prepared.offloaded(), () -> running.onRouter(nowNs -> {
                if (router.hooks().rules() != null) router.hooks().rules().program().apply(prepared.edit());
                router.use(prepared.rules(), nowNs);
                return null;
            }));
        } catch (NotOffloadable e) {
            throw refusal(e, prepared.outcome());
        }
        running.configured(prepared.config());
        publish(prepared.before(), prepared.outcome().ruleset(), command);
    }

    /// Changes hardware, then software; if that fails, hardware back.
    void inHardware(Map<String, List<OffloadedRule>> offloaded, Runnable software) throws NotOffloadable {
        Map<String, List<OffloadedRule>> before = running.hardwareRules().change(offloaded);
        try {
            software.run();
        } catch (RuntimeException e) {
            running.hardwareRules().change(before);
            throw e;
        }
    }

    /// Tells that other rules count.
    void publish(Ruleset before, Ruleset ruleset, String command) {
        int chains = 0;
        int rules = 0;
        for (Table table : ruleset.tables().values()) {
            chains += table.chains().size();
            for (Chain chain : table.chains().values()) rules += chain.rules().size();
        }
        running.publish(new ControlEvent.RulesetCommit(command, ruleset.generation(), ruleset.tables().size(), chains,
            rules));
        running.rulesChanged(before, ruleset);
    }
}
