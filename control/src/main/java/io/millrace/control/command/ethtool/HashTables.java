package io.millrace.control.command.ethtool;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Words;
import io.millrace.control.device.PortControl;
import io.millrace.control.live.Refusal;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.steer.HashContext;
import io.millrace.packet.rss.HashConfig;
import io.millrace.packet.rss.HashTransform;
import io.millrace.packet.rss.IndirectionTable;
import io.millrace.packet.rss.Toeplitz;

import java.util.HexFormat;
import java.util.List;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `ethtool -x` and `-X`: from hash to queue, the key, the transformation, and RSS contexts.
final class HashTables {

    private static final int COLUMNS = 8;
    private static final HexFormat KEY = HexFormat.ofDelimiter(":");
    private static final List<String> FUNCTIONS = List.of("toeplitz", "xor", "crc32");

    private final PortControl control;

    HashTables(PortControl control) {
        this.control = control;
    }

    Answer show(Words words) {
        HashContext context = control.tables().standard();
        if (words.take("context")) context = context(EthtoolVerb.number(EthtoolVerb.word(words)));
        EthtoolVerb.end(words);
        return words.isJson() ? Answer.json(EthtoolVerb.array(control.port(), json(context)))
            : Answer.text(text(context));
    }

    private HashContext context(int number) {
        HashContext context = control.tables().contexts().get(number);
        if (context == null) {
            throw new Refusal(1, "Cannot get RX flow hash configuration: No such file or directory");
        }
        return context;
    }

    private String text(HashContext context) {
        IndirectionTable table = context.table();
        var text = new StringBuilder("RX flow hash indirection table for " + control.port().name() + " with "
            + control.tables().channelCount() + " RX ring(s):\n");
        for (int i = 0; i < table.size(); i++) {
            if (i % COLUMNS == 0) text.append("%5d: ".formatted(i));
            text.append(" %5d".formatted(table.entry(i)));
            if (i % COLUMNS == COLUMNS - 1 || i == table.size() - 1) text.append('\n');
        }
        text.append("RSS hash key:\n").append(KEY.formatHex(context.config().toeplitz().key()))
            .append("\nRSS hash function:\n");
        for (String function : FUNCTIONS) text.append("    ").append(function).append(": ")
            .append(function.equals(FUNCTIONS.getFirst()) ? "on" : "off").append('\n');
        text.append("RSS input transformation:\n");
        for (HashTransform each : HashTransform.values()) {
            if (each != HashTransform.NONE) text.append("    ").append(each.label()).append(": ")
                .append(each == context.config().transform() ? "on" : "off").append('\n');
        }
        return text.toString();
    }

    private static ObjectNode json(HashContext context) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ArrayNode table = node.putArray("rss-indirection-table");
        for (int i = 0; i < context.table().size(); i++) table.add(context.table().entry(i));
        ArrayNode key = node.putArray("rss-hash-key");
        for (byte each : context.config().toeplitz().key()) key.add(Byte.toUnsignedInt(each));
        return node.put("rss-hash-function", FUNCTIONS.getFirst())
            .put("rss-input-transformation", context.config().transform().label());
    }

    Answer set(Words words) {
        var wanted = new HashTableWords(words);
        wanted.read();
        if (wanted.isDelete()) return delete(wanted.context());
        boolean isNew = wanted.context() == HashTableWords.NEW_CONTEXT;
        HashContext from = isNew || wanted.context() == HashTableWords.NO_CONTEXT ? control.tables().standard()
            : existing(wanted.context());
        if (!isNew && !wanted.changesSomething()) throw EthtoolVerb.badCommand();
        boolean isReset = isNew && !wanted.changesTable() || wanted.isDefault();
        HashContext changed = control.steering().context(config(from.config(), wanted),
            isReset ? evenly(from) : table(from, wanted),
            wanted.changesTable() ? !wanted.isDefault() : from.isChosen() && !isNew);
        if (wanted.context() == HashTableWords.NO_CONTEXT) {
            require(control.carryOut(_ -> control.steering().spread(changed)));
            return Answer.DONE;
        }
        int number = isNew ? freeContext() : wanted.context();
        require(control.carryOut(_ -> control.steering().context(number, changed)));
        return isNew ? Answer.text("New RSS context is " + number + "\n") : Answer.DONE;
    }

    private IndirectionTable evenly(HashContext from) {
        return IndirectionTable.equal(from.table().size(), 0, control.tables().channelCount());
    }

    /// What `equal` and `weight` ask for; the device refuses queues that there are not.
    private static IndirectionTable table(HashContext from, HashTableWords wanted) {
        int size = from.table().size();
        if (wanted.equal() > 0) return IndirectionTable.equal(size, wanted.start(), wanted.equal());
        if (wanted.weights().length == 0) return from.table();
        long sum = 0;
        for (int weight : wanted.weights()) sum += weight;
        if (sum == 0) throw new Refusal(2, "At least one weight must be non-zero");
        if (sum > size) throw new Refusal(2, "Total weight exceeds the size of the indirection table");
        return IndirectionTable.weighted(size, wanted.start(), wanted.weights());
    }

    private static HashConfig config(HashConfig from, HashTableWords wanted) {
        HashConfig config = from;
        if (wanted.function() != null && !wanted.function().equals(FUNCTIONS.getFirst())) {
            if (!FUNCTIONS.contains(wanted.function())) {
                throw new Refusal(1, "Unknown hash function: " + wanted.function());
            }
            throw refused(CommandResult.UNSUPPORTED.meaning());
        }
        if (wanted.key() != null) {
            int wantedBytes = wanted.key().length;
            int bytes = from.toeplitz().key().length;
            if (wantedBytes > bytes) {
                throw new Refusal(2, "Key is too long for device (" + wantedBytes + " > " + bytes + ")");
            }
            if (wantedBytes < bytes) {
                throw new Refusal(2, "Key is too short for device (" + wantedBytes + " < " + bytes + ")");
            }
            config = config.with(new Toeplitz(wanted.key()));
        }
        if (wanted.transform() == null) return config;
        try {
            return config.with(wanted.transform());
        } catch (IllegalArgumentException e) {
            throw refused(CommandResult.INVALID.meaning() + "\n" + e.getMessage());
        }
    }

    private Answer delete(int number) {
        require(control.carryOut(_ -> control.steering().removeContext(number)));
        return Answer.DONE;
    }

    private HashContext existing(int number) {
        HashContext context = control.tables().contexts().get(number);
        if (context == null) throw refused(CommandResult.NOT_FOUND.meaning());
        return context;
    }

    private int freeContext() {
        int number = 1;
        while (control.tables().contexts().containsKey(number)) number++;
        return number;
    }

    private static void require(CommandResult result) {
        if (result != CommandResult.DONE) throw refused(result.meaning());
    }

    private static Refusal refused(String why) {
        return new Refusal(1, "Cannot set RX flow hash configuration: " + why);
    }
}
