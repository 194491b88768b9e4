package io.millrace.control.command.ethtool;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Words;
import io.millrace.control.device.PortControl;
import io.millrace.control.live.Refusal;
import io.millrace.nic.port.Port;
import io.millrace.nic.program.LimitComparison;
import io.millrace.nic.program.Offload;
import io.millrace.nic.program.OffloadDecision;
import io.millrace.nic.program.ProgramComparison;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `ethtool -k` and `-K`: which offloads are on, and which of the four tests said no.
final class Features {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Port port;
    private final PortControl control;

    /// @param control the NIC's side of the port, or null where it is a bare wire
    Features(Port port, PortControl control) {
        this.port = port;
        this.control = control;
    }

    Answer show(Words words) {
        EthtoolVerb.end(words);
        if (words.isJson()) return Answer.json(EthtoolVerb.array(port, json()));
        var text = new StringBuilder("Features for " + port.name() + ":\n");
        if (control == null) {
            for (Offload offload : Offload.values()) {
                text.append(offload.label()).append(": off [fixed]\n\tcapable: no: a bare wire\n");
            }
        } else {
            for (OffloadDecision decision : control.decisions()) {
                decision.lines().forEach(line -> text.append(line).append('\n'));
            }
        }
        return Answer.text(text);
    }

    private ObjectNode json() {
        ObjectNode node = JSON.objectNode();
        if (control == null) {
            for (Offload offload : Offload.values()) {
                node.putObject(offload.label()).put("active", false).put("fixed", true).put("requested", false)
                    .put("reason", "a bare wire");
            }
        } else {
            control.decisions().forEach(decision -> node.set(decision.offload().label(), json(decision)));
        }
        return node;
    }

    private static ObjectNode json(OffloadDecision decision) {
        ObjectNode node = JSON.objectNode().put("active", decision.isOn()).put("fixed", decision.isFixed())
            .put("requested", decision.isWanted()).put("capable", decision.incapacity().isEmpty());
        if (!decision.isOn()) node.put("reason", decision.reason());
        ArrayNode programs = node.putArray("programs");
        for (ProgramComparison program : decision.programs()) {
            programs.addObject().put("name", program.engine().label()).put("host", program.host().text())
                .put("device", program.device() == null ? null : program.device().text())
                .put("equal", program.isEqual());
        }
        ArrayNode limits = node.putArray("limits");
        for (LimitComparison limit : decision.limits()) {
            limits.addObject().put("name", limit.name()).put("device", limit.device()).put("needed", limit.needed());
        }
        return node;
    }

    Answer set(Words words) {
        Map<Offload, Boolean> asked = new EnumMap<>(Offload.class);
        while (words.hasNext()) {
            String name = words.next();
            Offload offload = Offload.named(name);
            if (offload == null) {
                throw new Refusal(92, "netlink error: bit name not found (offset 52)\n"
                    + "netlink error: Operation not supported");
            }
            asked.put(offload, isOn(words));
        }
        if (asked.isEmpty()) throw EthtoolVerb.badCommand();
        return control == null ? refused(asked) : change(asked);
    }

    private static boolean isOn(Words words) {
        if (words.take("on")) return true;
        if (words.take("off")) return false;
        throw EthtoolVerb.badCommand();
    }

    /// A bare wire: everything is off and stays so.
    private static Answer refused(Map<Offload, Boolean> asked) {
        var text = new StringBuilder("Could not change any device features\nActual changes:\n");
        asked.forEach((offload, on) -> {
            if (on) text.append(offload.label()).append(": off [requested on]\n\tcapable: no: a bare wire\n");
        });
        return asked.containsValue(true) ? new Answer(1, text.toString(), null) : Answer.DONE;
    }

    private Answer change(Map<Offload, Boolean> asked) {
        boolean isFlowerOff = Boolean.FALSE.equals(asked.get(Offload.FLOWER));
        if (isFlowerOff && control.filters() != null && control.filters().heldCount() > 0) {
            throw new Refusal(1, "netlink error: Active offloaded tc filters, can't turn hw_tc_offload off\n"
                + "netlink error: Invalid argument");
        }
        Map<Offload, Boolean> before = on();
        Set<Offload> wanted = EnumSet.noneOf(Offload.class);
        wanted.addAll(control.wanted());
        asked.forEach((offload, on) -> {
            if (on) wanted.add(offload);
            else wanted.remove(offload);
        });
        control.want(wanted);
        Map<Offload, Boolean> after = on();
        var surprises = new StringBuilder();
        for (Offload offload : Offload.values()) {
            boolean isOn = after.get(offload);
            if (asked.containsKey(offload) && asked.get(offload) != isOn) {
                control.decision(offload).lines().forEach(line -> surprises.append(line).append('\n'));
            } else if (!asked.containsKey(offload) && before.get(offload) != isOn) {
                surprises.append(offload.label()).append(isOn ? ": on" : ": off").append(" [not requested]\n");
            }
        }
        if (surprises.isEmpty()) return Answer.DONE;
        boolean isNothing = before.equals(after);
        return new Answer(isNothing ? 1 : 0, (isNothing ? "Could not change any device features\n" : "")
            + "Actual changes:\n" + surprises, null);
    }

    private Map<Offload, Boolean> on() {
        Map<Offload, Boolean> on = new EnumMap<>(Offload.class);
        control.decisions().forEach(decision -> on.put(decision.offload(), decision.isOn()));
        return on;
    }
}
