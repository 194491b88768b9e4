package io.millrace.control.command.ethtool;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Words;
import io.millrace.control.device.PortControl;
import io.millrace.control.live.Refusal;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.steer.HashContext;
import io.millrace.packet.rss.FlowType;
import io.millrace.packet.rss.HashConfig;
import io.millrace.packet.rss.HashField;

import java.util.Set;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `rx-flow-hash TYPE [LETTERS] [context N]` of `ethtool -n` and `-N`: what goes into the hash.
final class HashFields {

    private final PortControl control;

    HashFields(PortControl control) {
        this.control = control;
    }

    Answer show(Words words) {
        FlowType type = type(words);
        int number = context(words);
        Set<HashField> fields = existing(number, "Cannot get RX network flow hashing options").config().fields()
            .get(type);
        if (words.isJson()) {
            ObjectNode node = JsonNodeFactory.instance.objectNode().put("flow-type", type.label());
            ArrayNode array = node.putArray("fields");
            fields.forEach(field -> array.add(String.valueOf(field.letter())));
            return Answer.json(EthtoolVerb.array(control.port(), node));
        }
        String title = RuleFlow.labelled(type.label()).title().replaceFirst("IPv([46])$", "IPV$1");
        var text = new StringBuilder(title + " flows use these fields for computing Hash flow key:\n");
        if (fields.contains(HashField.DISCARD)) {
            text = new StringBuilder(title + " flows - All matching flows discarded on RX\n");
        } else {
            for (HashField field : fields) text.append(meaning(field)).append('\n');
        }
        return Answer.text(text.append('\n'));
    }

    private static String meaning(HashField field) {
        return switch (field) {
            case L2_TARGET -> "L2DA";
            case VLAN -> "VLAN tag";
            case L3_PROTO -> "L3 proto";
            case SOURCE -> "IP SA";
            case TARGET -> "IP DA";
            case SOURCE_PORT -> "L4 bytes 0 & 1 [TCP/UDP src port]";
            case TARGET_PORT -> "L4 bytes 2 & 3 [TCP/UDP dst port]";
            case TEID -> "GTP TEID";
            case DISCARD -> "discard";
        };
    }

    Answer change(Words words) {
        FlowType type = type(words);
        String letters = EthtoolVerb.word(words);
        int number = context(words);
        HashContext from = existing(number, "Cannot change RX network flow hashing options");
        HashConfig config;
        try {
            config = from.config().with(type, HashConfig.parse(letters));
        } catch (IllegalArgumentException e) {
            throw refused(CommandResult.INVALID.meaning() + "\n" + e.getMessage());
        }
        HashContext changed = control.steering().context(config, from.table(), from.isChosen());
        CommandResult result = control.carryOut(_ -> number == 0 ? control.steering().spread(changed)
            : control.steering().context(number, changed));
        if (result != CommandResult.DONE) throw refused(result.meaning());
        return Answer.DONE;
    }

    private static FlowType type(Words words) {
        String label = EthtoolVerb.word(words);
        for (FlowType type : FlowType.values()) {
            if (type.label().equals(label)) return type;
        }
        throw EthtoolVerb.badCommand();
    }

    /// The context of the last words; 0: the port's own table.
    private static int context(Words words) {
        int number = words.take("context") ? EthtoolVerb.number(EthtoolVerb.word(words)) : 0;
        EthtoolVerb.end(words);
        return number;
    }

    private HashContext existing(int number, String complaint) {
        if (number == 0) return control.tables().standard();
        HashContext context = control.tables().contexts().get(number);
        if (context == null) throw new Refusal(1, complaint + ": " + CommandResult.NOT_FOUND.meaning());
        return context;
    }

    private static Refusal refused(String why) {
        return new Refusal(1, "Cannot change RX network flow hashing options: " + why);
    }
}
