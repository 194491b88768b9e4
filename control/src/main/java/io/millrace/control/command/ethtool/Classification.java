package io.millrace.control.command.ethtool;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Words;
import io.millrace.control.device.PortControl;
import io.millrace.control.live.Refusal;
import io.millrace.nic.program.LimitComparison;
import io.millrace.nic.program.Offload;
import io.millrace.nic.program.OffloadDecision;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.steer.QueueNumbering;
import io.millrace.nic.sim.steer.ReceiveRule;
import io.millrace.nic.sim.steer.SteeringTables;
import io.millrace.packet.parse.graph.MatchTable;

import java.util.List;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `ethtool -n`, `-u`, `-N` and `-U`: receive rules, in the table for ntuple and in the raw tables of the graph.
///
/// A rule of a raw table has an ID of its own, [ReceiveRule#TABLE_LOCATIONS] and more; by it the rule is shown and
/// deleted.
final class Classification {

    private final PortControl control;

    Classification(PortControl control) {
        this.control = control;
    }

    Answer show(Words words) {
        if (words.take("rx-flow-hash")) return new HashFields(control).show(words);
        boolean isOne = words.take("rule");
        int location = isOne ? EthtoolVerb.number(EthtoolVerb.word(words)) : 0;
        EthtoolVerb.end(words);
        SteeringTables tables = control.tables();
        List<ReceiveRule> rules = List.copyOf(tables.rules().values());
        if (isOne) {
            ReceiveRule rule = tables.rules().get(location);
            if (rule == null) {
                throw new Refusal(1, "rxclass: Cannot get RX class rule: No such file or directory");
            }
            rules = List.of(rule);
        }
        if (words.isJson()) return json(rules);
        var text = new StringBuilder();
        if (!isOne) {
            text.append(tables.channelCount()).append(" RX rings available\nTotal ").append(rules.size())
                .append(" rules\n\n");
        }
        rules.forEach(rule -> text.append(lines(rule).text()));
        return Answer.text(text);
    }

    private Answer json(List<ReceiveRule> rules) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("rx-rings", control.tables().channelCount());
        ArrayNode array = node.putArray("rules");
        rules.forEach(rule -> array.add(lines(rule).json()));
        return Answer.json(EthtoolVerb.array(control.port(), node));
    }

    private RuleLines lines(ReceiveRule rule) {
        MatchTable table = rule.table() == 0 ? null : control.rawTables().get(rule.table() - 1);
        QueueNumbering numbering = control.steering().numbering();
        boolean isDirect = rule.queue() >= 0 && rule.context() == ReceiveRule.NO_CONTEXT;
        return new RuleLines(rule, table,
            isDirect ? numbering.toUser(rule.queue(), control.tables().channelCount()) : rule.queue());
    }

    Answer change(Words words) {
        return switch (EthtoolVerb.word(words)) {
            case "rx-flow-hash" -> new HashFields(control).change(words);
            case "flow-type" -> add(words);
            case "delete" -> delete(words);
            default -> throw EthtoolVerb.badCommand();
        };
    }

    private Answer add(Words words) {
        RuleReader.Draft draft = new RuleReader(words, control.rawTables()).read();
        requireTable(draft.table());
        int first = draft.table() == null ? 0
            : (control.rawTables().indexOf(draft.table()) + 1) * ReceiveRule.TABLE_LOCATIONS;
        long room = draft.table() == null ? control.nic().model().limits().rulesMax() : draft.table().entriesMax();
        boolean isAnywhere = draft.location() == RuleReader.NO_LOCATION;
        int place = isAnywhere ? highestFree(first, room) : draft.location();
        if (place >= room) throw refused(CommandResult.INVALID);
        ReceiveRule rule = draft.at(first + place);
        CommandResult result = control.carryOut(_ -> control.steering().addRule(rule));
        if (result != CommandResult.DONE) throw refused(result);
        return Answer.text(isAnywhere ? "Added rule with ID " + rule.location() + "\n" : "");
    }

    /// Rules need a table for them in the graph that the device runs, and a device that can do what the graph says.
    private void requireTable(MatchTable table) {
        OffloadDecision decision = control.decision(Offload.NTUPLE);
        if (table == null && !decision.isOn()) {
            throw refused(CommandResult.UNSUPPORTED, "ntuple-filters are off: " + decision.reason());
        }
        if (!control.isWanted(Offload.NTUPLE)) {
            throw refused(CommandResult.UNSUPPORTED, "ntuple-filters are off: not wanted");
        }
        long roomMax = control.nic().model().limits().rulesMax();
        if (table != null && table.entriesMax() > roomMax) {
            throw refused(CommandResult.NO_SPACE,
                new LimitComparison("table " + table.name(), roomMax, table.entriesMax()).toString());
        }
    }

    private int highestFree(int first, long room) {
        for (int place = (int) room - 1; place >= 0; place--) {
            if (!control.tables().rules().containsKey(first + place)) return place;
        }
        throw refused(CommandResult.NO_SPACE);
    }

    private Answer delete(Words words) {
        int location = EthtoolVerb.number(EthtoolVerb.word(words));
        EthtoolVerb.end(words);
        CommandResult result = control.carryOut(_ -> control.steering().removeRule(location));
        if (result != CommandResult.DONE) {
            throw new Refusal(1, "rmgr: Cannot delete RX class rule: " + result.meaning()
                + "\nCannot delete classification rule");
        }
        return Answer.DONE;
    }

    private static Refusal refused(CommandResult result) {
        return new Refusal(1, "rmgr: Cannot insert RX class rule: " + result.meaning()
            + "\nCannot insert classification rule");
    }

    private static Refusal refused(CommandResult result, String why) {
        return new Refusal(1, refused(result).getMessage() + ": " + why);
    }
}
