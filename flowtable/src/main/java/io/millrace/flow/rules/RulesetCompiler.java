package io.millrace.flow.rules;

import io.millrace.flow.rules.RulesetProgram.ProgramParts;
import io.millrace.flow.ruleset.Chain;
import io.millrace.flow.ruleset.ChainType;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.ruleset.HookedChain;
import io.millrace.flow.ruleset.Rule;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.Table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Compiles a ruleset for one worker. What cannot be executed is refused by name and place; nothing is left out. What
/// can never match in a forwarder (`meta skuid`, `socket`, `tproxy`) is compiled to a rule that ends there.
///
/// Chains become stretches of one `int[]`: each statement some instructions, each failing match a jump to the next
/// rule. Sets become hash tables and the like. Chains of dormant tables and of families that a router does not show to
/// rules (arp, bridge) are not compiled.
public final class RulesetCompiler {

    private final Compilation compilation;
    private final Ruleset ruleset;

    private RulesetCompiler(Ruleset ruleset, RuleInterfaces interfaces, int seed, long nowNs) {
        this.ruleset = ruleset;
        this.compilation = new Compilation(interfaces, seed, nowNs);
    }

    /// @param seed  of the hashes of sets; from a seeded generator
    /// @param nowNs from when on elements with a timeout live
    public static RulesetProgram compile(Ruleset ruleset, RuleInterfaces interfaces, int seed, long nowNs)
        throws NotExecutable {
        return new RulesetCompiler(ruleset, interfaces, seed, nowNs).compile();
    }

    private RulesetProgram compile() throws NotExecutable {
        List<Integer> places = new ArrayList<>();
        for (Table table : ruleset.tables().values()) {
            if (!isRun(table)) continue;
            JumpDepth.check(table);
            compilation.objects(table);
            var statements = new StatementCompiler(compilation, table);
            for (Chain chain : table.chains().values()) {
                int number = compilation.chain(table, chain.name());
                while (places.size() <= number) places.add(-1);
                places.set(number, compilation.code.length());
                chain(table, chain, statements);
            }
        }
        int[] chainAt = new int[places.size()];
        for (int i = 0; i < chainAt.length; i++) chainAt[i] = places.get(i);
        int interfaceCount = compilation.interfaces.count();
        int[][] ingress = new int[interfaceCount][];
        int[][] egress = new int[interfaceCount][];
        for (int i = 0; i < interfaceCount; i++) {
            ingress[i] = atInterface(Hook.INGRESS, i);
            egress[i] = atInterface(Hook.EGRESS, i);
        }
        return new RulesetProgram(ruleset, compilation.interfaces, new ProgramParts(compilation.code.toArray(),
            chainAt, atHooks(), ingress, egress, compilation.sets, compilation.lists, compilation.cells(),
            compilation.cellKeys, compilation.setKeys, compilation.flowtables, compilation.logs, compilation.places));
    }

    private static boolean isRun(Table table) {
        return !table.isDormant() && table.family() != Family.ARP && table.family() != Family.BRIDGE;
    }

    private void chain(Table table, Chain chain, StatementCompiler statements) throws NotExecutable {
        for (Rule rule : chain.rules()) {
            place(table, chain, rule.handle());
            try {
                statements.write(rule);
            } catch (NotExecutable refused) {
                throw refused.at(table.family().text() + " " + table.name() + ", chain " + chain.name() + ", rule "
                    + rule.handle());
            }
        }
        place(table, chain, 0);
        compilation.code.add(Opcode.RETURN);
    }

    /// What is written from here on belongs to that rule, or to the end of the chain.
    private void place(Table table, Chain chain, long handle) {
        compilation.places.put(compilation.code.length(),
            new RulePlace(table.family(), table.name(), chain.name(), handle));
    }

    private int[][] atHooks() {
        int[][] hooked = new int[RulesetProgram.hookCount()][];
        for (Hook hook : Hook.values()) {
            boolean isIp = hook != Hook.INGRESS && hook != Hook.EGRESS;
            hooked[RulesetProgram.hookIndex(4, hook)] =
                list(isIp ? running(ruleset.chainsAt(Family.IP, hook)) : List.of());
            hooked[RulesetProgram.hookIndex(6, hook)] =
                list(isIp ? running(ruleset.chainsAt(Family.IP6, hook)) : List.of());
        }
        return hooked;
    }

    /// Chains of netdev and inet tables together, those that name the interface.
    private int[] atInterface(Hook hook, int number) {
        List<Ruleset.HookedChain> chains = new ArrayList<>(ruleset.chainsAt(Family.NETDEV, hook));
        chains.addAll(ruleset.chainsAt(Family.INET, hook));
        String name = compilation.interfaces.name(number);
        chains.removeIf(hooked -> !base(hooked).devices().contains(name));
        chains.sort(Comparator.comparingInt(hooked -> base(hooked).priority()));
        return list(chains);
    }

    private static HookedChain base(Ruleset.HookedChain hooked) {
        return hooked.chain().base().orElseThrow();
    }

    private int[] list(List<Ruleset.HookedChain> chains) {
        int[] list = new int[chains.size() * RulesetProgram.HOOKED_WORDS];
        for (int i = 0; i < chains.size(); i++) {
            HookedChain base = base(chains.get(i));
            int at = i * RulesetProgram.HOOKED_WORDS;
            list[at + RulesetProgram.HOOKED_PRIORITY] = base.priority();
            list[at + RulesetProgram.HOOKED_CHAIN] =
                compilation.chain(chains.get(i).table(), chains.get(i).chain().name());
            list[at + RulesetProgram.HOOKED_IS_NAT] = base.type() == ChainType.NAT ? 1 : 0;
            list[at + RulesetProgram.HOOKED_IS_ACCEPTING] = base.isAccepting() ? 1 : 0;
            list[at + RulesetProgram.HOOKED_IS_OFFLOADED] = chains.get(i).chain().isOffloaded() ? 1 : 0;
        }
        return list;
    }

    private static List<Ruleset.HookedChain> running(List<Ruleset.HookedChain> chains) {
        List<Ruleset.HookedChain> running = new ArrayList<>(chains);
        running.removeIf(hooked -> base(hooked).type() == ChainType.ROUTE);
        return running;
    }
}
