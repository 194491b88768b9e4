package io.millrace.simulation.change;

import io.millrace.control.command.Caller;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.Words;
import io.millrace.control.command.ip.IpVerb;
import io.millrace.control.command.sysctl.SysctlVerb;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.assembly.RouterAssembly;
import io.millrace.flow.rules.NotExecutable;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.simulation.journal.Violation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.node.ObjectNode;

/// Types commands, as `millrace ctl` would hand them over, on the thread that owns the router.
public final class Operator {

    private static final Caller NOBODY = new Caller() {
        @Override
        public boolean tell(String method, ObjectNode params) {
            return false;
        }

        @Override
        public boolean isConnected() {
            return false;
        }
    };

    private final RunningDataplane running;
    private final Map<String, ControlVerb> verbs = new HashMap<>();

    public Operator(RunningDataplane running) {
        this.running = running;
        for (ControlVerb each : List.of(new IpVerb(running), new SysctlVerb(running))) verbs.put(each.name(), each);
    }

    /// Loads a ruleset, as a whole.
    public void load(Ruleset ruleset, long nowNs) {
        RouterAssembly router = running.router();
        try {
            router.use(router.load(ruleset, nowNs), nowNs);
        } catch (NotExecutable e) {
            throw new Violation("right commands are carried out", "ruleset: " + e.getMessage());
        }
    }

    /// Carries out a command that must not be refused.
    void type(String command) {
        List<String> words = List.of(command.split(" "));
        try {
            verbs.get(words.getFirst()).run(new Words(words.subList(1, words.size()), false), NOBODY);
        } catch (Refusal e) {
            throw new Violation("right commands are carried out", command + ": " + e.getMessage());
        }
    }
}
