package io.millrace.simulation.change;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Caller;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.Steps;
import io.millrace.control.command.Words;
import io.millrace.control.command.devlink.DevlinkVerb;
import io.millrace.control.command.ethtool.EthtoolVerb;
import io.millrace.control.command.ip.IpVerb;
import io.millrace.control.command.sysctl.SysctlVerb;
import io.millrace.control.command.tc.TcVerb;
import io.millrace.control.device.Nics;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.control.live.TrafficControl;
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

    private static final String NO_ANSWER = "the device did not answer";

    private final RunningDataplane running;
    private final Map<String, ControlVerb> verbs = new HashMap<>();

    public Operator(RunningDataplane running, Nics nics, TrafficControl traffic) {
        this.running = running;
        for (ControlVerb each : List.of(new IpVerb(running), new SysctlVerb(running),
            new EthtoolVerb(running, nics, "simulated"), new DevlinkVerb(nics, _ -> { }),
            new TcVerb(traffic))) verbs.put(each.name(), each);
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
        try {
            run(command);
        } catch (Refusal e) {
            throw new Violation("right commands are carried out", command + ": " + e.getMessage());
        }
    }

    /// Carries out a command; returns why it was refused, or null.
    Refusal refusal(String command) {
        try {
            run(command);
            return null;
        } catch (Refusal e) {
            return e;
        }
    }

    /// Carries out a command that must not be refused but by a device that does not answer; returns it.
    String ask(String command) {
        return ask(command, () -> run(command));
    }

    /// As [#ask(String)], what the command does.
    String ask(String command, Runnable work) {
        try {
            work.run();
            return command;
        } catch (Refusal e) {
            if (e.getMessage().equals(NO_ANSWER)) return command + ": " + NO_ANSWER;
            throw new Violation("right commands are carried out", command + ": " + e.getMessage());
        }
    }

    /// Carries out the beginning of a command that takes more than a turn; returns the rest.
    Steps begin(String command) {
        return run(command).rest();
    }

    private Answer run(String command) {
        List<String> words = List.of(command.split(" "));
        return verbs.get(words.getFirst()).run(new Words(words.subList(1, words.size()), false), NOBODY);
    }
}
