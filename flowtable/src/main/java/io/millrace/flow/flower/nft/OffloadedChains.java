package io.millrace.flow.flower.nft;

import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerFlags;
import io.millrace.flow.flower.FlowerMatch;
import io.millrace.flow.ruleset.Chain;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.ruleset.Rule;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Value;
import io.millrace.flow.ruleset.Verdict;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Translates the netdev chains with `flags offload` of a ruleset into flower filters with `skip_sw`, in order.
///
/// Each chain of a device becomes a chain of flower, in the order of their priorities; an accepted packet goes on to
/// the next. Rules in a row that look at the same bits share a priority, where at most one of them can match; any other
/// rule gets the next priority, so that rules are tried in the order of the text. A rule without a verdict goes on.
///
/// What Linux asks of such a chain is asked here: hook ingress, policy accept, a priority above 0. Matches may look at
/// every header field that flower knows, for one value, a prefix or masked bits. Counters stand behind all matches, and
/// are the filters' own.
public final class OffloadedChains {

    private final Map<String, Integer> portByName;
    private final Ruleset.HookedChain hooked;
    private final List<OffloadedRule> rules = new ArrayList<>();
    private final int chainIndex;
    private final boolean isLast;
    private int priority;
    private int handle;
    private int groupFrom;

    private OffloadedChains(Map<String, Integer> portByName, Ruleset.HookedChain hooked, int chainIndex,
                            boolean isLast) {
        this.portByName = portByName;
        this.hooked = hooked;
        this.chainIndex = chainIndex;
        this.isLast = isLast;
    }

    /// The filters of each device that has such a chain, by name.
    ///
    /// @param portByName numbers of the ports that rules can name
    public static Map<String, List<OffloadedRule>> translate(Ruleset ruleset, Map<String, Integer> portByName)
            throws NotOffloadable {
        Map<String, List<Ruleset.HookedChain>> byDevice = new LinkedHashMap<>();
        refuseElsewhere(ruleset);
        for (Ruleset.HookedChain hooked : ruleset.chainsAt(Family.NETDEV, Hook.INGRESS)) {
            if (!hooked.chain().isOffloaded()) continue;
            check(hooked);
            for (String device : hooked.chain().base().orElseThrow().devices()) {
                byDevice.computeIfAbsent(device, _ -> new ArrayList<>()).add(hooked);
            }
        }
        Map<String, List<OffloadedRule>> translated = new LinkedHashMap<>();
        for (var each : byDevice.entrySet()) {
            var rules = new ArrayList<OffloadedRule>();
            List<Ruleset.HookedChain> chains = each.getValue();
            for (int i = 0; i < chains.size(); i++) {
                boolean isLast = i == chains.size() - 1;
                rules.addAll(new OffloadedChains(portByName, chains.get(i), i, isLast).translate());
            }
            translated.put(each.getKey(), List.copyOf(rules));
        }
        return translated;
    }

    private static void refuseElsewhere(Ruleset ruleset) throws NotOffloadable {
        for (var table : ruleset.tables().values()) {
            for (Chain chain : table.chains().values()) {
                boolean isIngress = table.family() == Family.NETDEV && chain.base().isPresent()
                    && chain.base().get().hook() == Hook.INGRESS;
                if (chain.isOffloaded() && !isIngress) {
                    throw new NotOffloadable(table, chain, null, null, "only netdev ingress chains are offloaded");
                }
            }
        }
    }

    private static void check(Ruleset.HookedChain hooked) throws NotOffloadable {
        var base = hooked.chain().base().orElseThrow();
        String why = null;
        if (!base.isAccepting()) why = "the policy of an offloaded chain is accept";
        boolean isInRange = base.priority() > 0 && base.priority() <= FlowerFilter.PRIORITY_MAX;
        if (!isInRange) why = "the priority of an offloaded chain is 1 to " + FlowerFilter.PRIORITY_MAX;
        if (why != null) throw new NotOffloadable(hooked.table(), hooked.chain(), null, null, why);
    }

    private List<OffloadedRule> translate() throws NotOffloadable {
        for (Rule rule : hooked.chain().rules()) translate(rule);
        if (!isLast) {
            add(FlowerFilter.ALL, FlowerMatch.ANY, List.of(new FlowerAction.Gact(next())), null);
        }
        return rules;
    }

    /// Where an accepted packet goes on.
    private ActionControl next() {
        return isLast ? ActionControl.PASS : ActionControl.gotoChain(chainIndex + 1);
    }

    private void translate(Rule rule) throws NotOffloadable {
        var keys = new RuleKeys(portByName);
        var actions = new ArrayList<FlowerAction>();
        boolean isDecided = false;
        boolean isCounted = false;
        for (Statement statement : rule.statements()) {
            if (isDecided) break;   // never reached
            String why = null;
            switch (statement) {
                case Statement.Counter _ -> isCounted = true;
                case Statement.Match match -> why = isCounted || !actions.isEmpty()
                    ? "a match behind " + (isCounted ? "a counter" : "an action") : keys.add(match);
                case Statement.Decide decide -> {
                    why = decide(decide.verdict(), actions);
                    isDecided = true;
                }
                case Statement.Forward forward when forward.address() == null -> {
                    why = mirred(forward.device(), true, actions);
                    isDecided = true;
                }
                case Statement.Duplicate copy when copy.address() == null ->
                    why = mirred(copy.device(), false, actions);
                default -> why = "a filter cannot do this";
            }
            if (why != null) throw refusal(rule, statement, why);
        }
        if (!isDecided) actions.add(new FlowerAction.Gact(ActionControl.CONTINUE));
        String why = keys.contradiction();
        if (why != null) throw refusal(rule, null, why);
        add(keys.protocol(), keys.match(), actions, rule);
    }

    private NotOffloadable refusal(Rule rule, Statement statement, String why) {
        return new NotOffloadable(hooked.table(), hooked.chain(), rule, statement, why);
    }

    private String decide(Verdict verdict, List<FlowerAction> actions) {
        ActionControl control = switch (verdict.kind()) {
            case ACCEPT, RETURN -> next();
            case DROP -> ActionControl.DROP;
            case CONTINUE -> ActionControl.CONTINUE;
            case JUMP, GOTO -> null;
        };
        if (control == null) return "filters do not jump to chains of rules";
        actions.add(new FlowerAction.Gact(control));
        return null;
    }

    private String mirred(Expression device, boolean isRedirect, List<FlowerAction> actions) {
        Integer port = device instanceof Value.Text name ? portByName.get(name.text()) : null;
        if (port == null) return "packets are sent to ports, by name";
        ActionControl control = isRedirect ? ActionControl.STOLEN : ActionControl.PIPE;
        actions.add(new FlowerAction.Mirred(isRedirect, port, control));
        return null;
    }

    private void add(int protocol, FlowerMatch match, List<FlowerAction> actions, Rule rule) throws NotOffloadable {
        if (rules.isEmpty() || !fitsGroup(protocol, match)) {
            priority++;
            handle = 0;
            groupFrom = rules.size();
        }
        if (priority > FlowerFilter.PRIORITY_MAX) throw refusal(rule, null, "too many rules");
        rules.add(new OffloadedRule(hooked.table(), hooked.chain(), rule, new FlowerFilter(chainIndex, priority, protocol,
            ++handle, 0, match, actions, FlowerFlags.SKIP_SOFTWARE)));
    }

    /// True if the rule looks at the same bits as those before it in this priority, and for another value.
    private boolean fitsGroup(int protocol, FlowerMatch match) {
        FlowerFilter last = rules.getLast().filter();
        if (last.protocol() != protocol || !last.match().hasShapeOf(match)) return false;
        for (int i = groupFrom; i < rules.size(); i++) {
            if (rules.get(i).filter().match().hasKeyOf(match)) return false;
        }
        return true;
    }
}
