package io.millrace.dataplane.config;

import io.millrace.flow.rules.NotExecutable;
import io.millrace.flow.rules.RuleInterfaces;
import io.millrace.flow.rules.RulesetCompiler;
import io.millrace.flow.ruleset.Ruleset;

import java.lang.ref.WeakReference;
import java.util.List;

/// Whether a ruleset can be executed where interfaces have certain names. The last answer is remembered: every change
/// of an interface, an address or a sysctl asks again, about the same rules.
final class ExecutableRules {

    private record Answer(WeakReference<Ruleset> ruleset, List<String> interfaces, String objection) {}

    private static volatile Answer last = new Answer(new WeakReference<>(null), List.of(), "");

    /// What keeps the ruleset from being executed; empty if nothing does.
    static String objectionTo(Ruleset ruleset, List<String> interfaces) {
        Answer known = last;
        if (known.ruleset().get() == ruleset && known.interfaces().equals(interfaces)) return known.objection();
        String objection = compiled(ruleset, interfaces);
        last = new Answer(new WeakReference<>(ruleset), List.copyOf(interfaces), objection);
        return objection;
    }

    private static String compiled(Ruleset ruleset, List<String> interfaces) {
        var seen = new RuleInterfaces(interfaces.stream().filter(InterfaceRules::isName)
            .map(name -> new RuleInterfaces.RuleInterface(name, RuleInterfaces.TYPE_ETHERNET, 0)).toList());
        try {
            RulesetCompiler.compile(ruleset, seen, 0, 0);
            return "";
        } catch (NotExecutable e) {
            return e.getMessage();
        }
    }

    private ExecutableRules() {}
}
