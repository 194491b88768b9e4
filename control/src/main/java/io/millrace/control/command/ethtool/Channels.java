package io.millrace.control.command.ethtool;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.nic.port.Port;

import java.util.HashMap;
import java.util.Map;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `ethtool -l` and `-L`. A port is opened with all its queues; their number cannot change while it runs.
final class Channels {

    private static final String NONE = "n/a";

    private final Port port;

    Channels(Port port) {
        this.port = port;
    }

    Answer show(Words words) {
        EthtoolVerb.end(words);
        if (words.isJson()) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            for (String key : new String[] {"rx-max", "rx"}) node.put(key, port.capabilities().rxQueues());
            for (String key : new String[] {"tx-max", "tx"}) node.put(key, port.capabilities().txQueues());
            return Answer.json(EthtoolVerb.array(port, node));
        }
        var text = new StringBuilder("Channel parameters for " + port.name() + ":\nPre-set maximums:\n");
        appendTo(text);
        text.append("Current hardware settings:\n");
        appendTo(text);
        return Answer.text(text);
    }

    private void appendTo(StringBuilder text) {
        text.append("RX:\t\t").append(port.capabilities().rxQueues()).append('\n')
            .append("TX:\t\t").append(port.capabilities().txQueues()).append('\n')
            .append("Other:\t\t").append(NONE).append('\n')
            .append("Combined:\t").append(NONE).append('\n');
    }

    Answer set(Words words) {
        Map<String, Integer> wanted = new HashMap<>();
        while (words.hasNext()) {
            String key = words.next();
            boolean isKey = key.equals("rx") || key.equals("tx") || key.equals("combined") || key.equals("other");
            if (!isKey || !words.hasNext()) throw EthtoolVerb.badCommand();
            wanted.put(key, EthtoolVerb.number(words.next()));
        }
        if (wanted.isEmpty()) throw EthtoolVerb.badCommand();
        int rxQueues = wanted.getOrDefault("rx", port.capabilities().rxQueues());
        int txQueues = wanted.getOrDefault("tx", port.capabilities().txQueues());
        boolean isOver = rxQueues > port.capabilities().rxQueues() || txQueues > port.capabilities().txQueues()
            || wanted.getOrDefault("combined", 0) > 0 || wanted.getOrDefault("other", 0) > 0;
        if (isOver) throw refused("requested channel count exceeds maximum");
        if (rxQueues == 0 || txQueues == 0) {
            throw refused("requested channel counts would result in no RX or TX channel being configured");
        }
        boolean isSame = rxQueues == port.capabilities().rxQueues() && txQueues == port.capabilities().txQueues();
        if (!isSame) throw new Refusal(1, "netlink error: Operation not supported");
        return Answer.DONE;
    }

    private static Refusal refused(String why) {
        return new Refusal(1, "netlink error: " + why + " (offset 32)\nnetlink error: Invalid argument");
    }
}
