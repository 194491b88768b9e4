package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftParser;
import io.millrace.flow.ruleset.HookedChain;
import io.millrace.flow.ruleset.ChainType;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.ruleset.RulesetRefusal;
import io.millrace.flow.ruleset.TableDraft;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The lines of a chain that are no rules: its hook, its policy, its comment.
final class ChainHeader {

    private final Reading reading;
    private ChainType type;
    private Hook hook;
    private int priority;
    private List<String> devices = List.of();
    private Boolean isAccepting;
    private boolean isOffloaded;
    private String comment = "";

    ChainHeader(Reading reading) {
        this.reading = reading;
    }

    void read(NftParser.ChainItemContext item) {
        if (item.TYPE() != null) {
            base(item);
        } else if (item.POLICY() != null) {
            policy(item.policy());
        } else if (item.FLAGS() != null) {
            isOffloaded = item.word().getText().equals("offload");
            if (!isOffloaded) throw reading.error("unknown chain flag", item.word());
        } else if (item.COMMENT() != null) {
            comment = Words.unquoted(item.QUOTED().getText());
        } else if (item.DEVICES() != null) {
            devices = new ObjectReader(reading).devices(item.deviceList());
        }
    }

    private void base(NftParser.ChainItemContext item) {
        if (type != null) throw reading.error("you cannot set chain type twice", item.chainTypeName());
        for (ChainType known : ChainType.values()) {
            if (known.text().equals(item.chainTypeName().getText())) type = known;
        }
        if (type == null) throw reading.error("unknown chain type", item.chainTypeName());
        for (Hook known : Hook.values()) {
            if (known.text().equals(item.hookName().getText())) hook = known;
        }
        if (hook == null) throw reading.error("unknown chain hook", item.hookName());
        if (item.hookDevice() != null) {
            devices = item.hookDevice().deviceList() != null
                ? new ObjectReader(reading).devices(item.hookDevice().deviceList())
                : List.of(new Words(reading).text(item.hookDevice().getChild(1)));
        }
        priority = priority(reading, item.priority(), reading.family(), hook);
    }

    static int priority(Reading reading, NftParser.PriorityContext context, Family family, Hook hook) {
        boolean isName = context.STRING() != null || context.variable() != null;
        if (!isName) return Integer.parseInt(context.getText());
        String word = context.STRING() != null ? context.STRING().getText()
            : new Words(reading).text(context.variable());
        int distance = context.NUMBER() == null ? 0 : Integer.parseInt(context.NUMBER().getText());
        int sign = context.DASH() != null ? -1 : 1;
        if (word.matches("-?[0-9]+")) return Integer.parseInt(word) + sign * distance;
        Integer named = Priorities.named(family, hook, word);
        if (named == null) throw reading.error("invalid priority expression value in this context.", context);
        return named + sign * distance;
    }

    private void policy(NftParser.PolicyContext context) {
        if (isAccepting != null) throw reading.error("you cannot set chain policy twice", context);
        isAccepting = switch (new Words(reading).text(context)) {
            case "accept" -> true;
            case "drop" -> false;
            default -> throw reading.error("policy is accept or drop", context);
        };
    }

    private Optional<HookedChain> base() {
        if (type == null) return Optional.empty();
        return Optional.of(new HookedChain(type, hook, priority, isAccepting == null || isAccepting,
            new ArrayList<>(devices)));
    }

    /// Adds the chain, or changes the policy of the one that is there.
    void apply(TableDraft table, String name, boolean isNew) throws RulesetRefusal {
        table.addChain(name, base(), isOffloaded, comment, isNew);
        if (isAccepting != null) table.policy(name, isAccepting);
    }
}
