package io.millrace.control.command.tc;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.TrafficControl;
import io.millrace.control.live.TrafficControl.Qdisc;
import io.millrace.nic.port.Port;

import java.util.Locale;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// `tc qdisc`: ports can have `clsact` or `ingress`, nothing that queues.
final class TcQdiscs {

    private final TrafficControl control;
    private final TcPorts ports;

    TcQdiscs(TrafficControl control) {
        this.control = control;
        this.ports = new TcPorts(control.running().ports());
    }

    Answer run(Words words) {
        String verb = words.hasNext() ? words.next() : "show";
        return switch (verb) {
            case "show", "list", "ls" -> show(words);
            case "add" -> change(words, true);
            case "del", "delete" -> change(words, false);
            default -> throw TcRefusals.usage("Command \"" + verb + "\" is unknown, try \"tc qdisc help\"; allowed are "
                + "add, del and show.");
        };
    }

    private Answer change(Words words, boolean isAdded) {
        int port = -1;
        String kind = null;
        while (words.hasNext()) {
            String word = words.next();
            switch (word) {
                case "dev" -> port = ports.index(TcRefusals.next(words));
                case "handle", "parent" -> TcRefusals.next(words);
                case "clsact", "ingress" -> kind = word;
                default -> {
                    if (kind != null) throw TcRefusals.usage("qdisc '" + kind + "' takes no \"" + word + "\"");
                    throw TcRefusals.qdisc("Specified qdisc kind is unknown: \"" + word
                        + "\"; ports have no queues, allowed are clsact and ingress");
                }
            }
        }
        if (port < 0) throw new Refusal(2, "RTNETLINK answers: No such device");
        if (kind == null) throw TcRefusals.usage("Command line is not complete: clsact or ingress is missing");
        Qdisc present = control.qdisc(port);
        if (isAdded) {
            if (present != null) throw TcRefusals.qdisc("Exclusivity flag on, cannot modify");
            control.add(port, Qdisc.valueOf(kind.toUpperCase(Locale.ROOT)));
        } else {
            if (present == null) throw TcRefusals.qdisc("Invalid handle");
            boolean isOther = !present.name().equalsIgnoreCase(kind);
            if (isOther) throw TcRefusals.qdisc("Invalid qdisc name: must match existing qdisc");
            control.remove(port);
        }
        return Answer.DONE;
    }

    private Answer show(Words words) {
        int only = -1;
        while (words.hasNext()) {
            String word = words.next();
            if (!word.equals("dev")) throw TcRefusals.usage("What is \"" + word + "\"? Try \"tc qdisc help\".");
            only = ports.index(TcRefusals.next(words));
        }
        var text = new StringBuilder();
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (Port port : control.running().ports()) {
            Qdisc qdisc = control.qdisc(port.index());
            if (qdisc == null || only >= 0 && only != port.index()) continue;
            String kind = qdisc.name().toLowerCase(Locale.ROOT);
            text.append("qdisc ").append(kind).append(" ffff: ");
            var node = all.addObject().put("kind", kind).put("handle", "ffff:");
            if (only < 0) {
                text.append("dev ").append(port.name()).append(' ');
                node.put("dev", port.name());
            }
            text.append("parent ffff:fff1 ").append(qdisc == Qdisc.INGRESS ? "---------------- " : "").append('\n');
            node.put("parent", "ffff:fff1").putObject("options");
        }
        return words.isJson() ? Answer.json(all) : Answer.text(text);
    }
}
