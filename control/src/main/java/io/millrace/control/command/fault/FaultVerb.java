package io.millrace.control.command.fault;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Caller;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.Words;
import io.millrace.control.config.DurationText;
import io.millrace.control.config.FaultReader;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.SimPort;
import io.millrace.nic.sim.fault.FaultKind;
import io.millrace.nic.sim.fault.FaultPanel;
import io.millrace.nic.sim.fault.FaultShares;
import io.millrace.packet.document.Spelling;

import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `fault`: sets, shows and clears what a NIC does wrong; single faults at once.
///
/// ```
/// fault [show]
/// fault NIC set KIND VALUE … [seed N]
/// fault NIC firmware-reset | link-down PORT DURATION | stuck-queue PORT QUEUE DURATION
/// fault NIC show | clear
/// ```
public final class FaultVerb implements ControlVerb {

    private static final List<String> COMMANDS =
        List.of("show", "set", "clear", "firmware-reset", "link-down", "stuck-queue");
    private static final String SEED = "seed";

    private final RunningDataplane running;

    public FaultVerb(RunningDataplane running) {
        this.running = running;
    }

    @Override
    public String name() {
        return "fault";
    }

    @Override
    public List<String> usage() {
        return List.of("fault [show]", "fault NIC show", "fault NIC set KIND VALUE [KIND VALUE]… [seed N]",
            "fault NIC clear", "fault NIC firmware-reset", "fault NIC link-down PORT DURATION",
            "fault NIC stuck-queue PORT QUEUE DURATION");
    }

    @Override
    public Answer run(Words words, Caller caller) {
        if (!words.hasNext() || words.take("show")) {
            words.end("fault show");
            return show(running.nics(), words.isJson());
        }
        SimNic nic = nic(words.next());
        String command = words.next(1, "fault " + nic.name() + " what? allowed: " + String.join(", ", COMMANDS));
        FaultPanel panel = panel(nic);
        switch (command) {
            case "show" -> {
                words.end("fault NIC show");
                return show(List.of(nic), words.isJson());
            }
            case "set" -> set(panel, words);
            case "clear" -> {
                words.end("fault NIC clear");
                panel.clear();
            }
            case "firmware-reset" -> {
                words.end("fault NIC firmware-reset");
                panel.resetFirmware();
            }
            case "link-down" -> {
                SimPort port = port(nic, words);
                panel.disconnect(port.index(), until(words, "fault NIC link-down PORT DURATION"));
            }
            case "stuck-queue" -> {
                SimPort port = port(nic, words);
                int queue = queue(port, words);
                panel.stick(port.index(), queue, until(words, "fault NIC stuck-queue PORT QUEUE DURATION"));
            }
            default -> throw new Refusal(1, "\"" + command + "\" is no command"
                + Spelling.suggestion(command, COMMANDS) + "; allowed: " + String.join(", ", COMMANDS));
        }
        return Answer.DONE;
    }

    private SimNic nic(String name) {
        List<String> names = running.nics().stream().map(SimNic::name).toList();
        if (names.isEmpty()) throw new Refusal(1, "no port has a simulated NIC");
        int place = names.indexOf(name);
        if (place >= 0) return running.nics().get(place);
        throw new Refusal(1, "no NIC is named \"" + name + "\"" + Spelling.suggestion(name, names) + "; allowed: "
            + String.join(", ", names));
    }

    private static FaultPanel panel(SimNic nic) {
        if (nic.faults() instanceof FaultPanel panel) return panel;
        throw new Refusal(1, "the faults of " + nic.name() + " are not an operator's");
    }

    private void set(FaultPanel panel, Words words) {
        FaultShares shares = panel.shares();
        long seed = running.config().seed();
        List<String> allowed = new ArrayList<>(FaultKind.labels());
        allowed.add(SEED);
        if (!words.hasNext()) throw new Refusal(1, "set what? allowed: " + String.join(", ", allowed));
        while (words.hasNext()) {
            String label = words.next();
            String value = words.next(1, label + ": which value?");
            if (label.equals(SEED)) {
                seed = seed(value);
                continue;
            }
            FaultKind kind = FaultKind.labelled(label).orElseThrow(() -> new Refusal(1, "no fault is named \"" + label
                + "\"" + Spelling.suggestion(label, allowed) + "; allowed: " + String.join(", ", allowed)));
            try {
                shares = FaultReader.with(shares, kind, value);
            } catch (IllegalArgumentException e) {
                throw new Refusal(1, e.getMessage());
            }
        }
        if (shares.problem() != null) throw new Refusal(1, shares.problem());
        panel.set(shares, seed);
    }

    private static long seed(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw new Refusal(1, "\"" + text + "\" is no seed; allowed: a whole number of up to 18 digits");
        }
        return Long.parseLong(text);
    }

    private static SimPort port(SimNic nic, Words words) {
        List<String> names = nic.ports().stream().map(SimPort::name).toList();
        String name = words.next(1, "which port? allowed: " + String.join(", ", names));
        int place = names.indexOf(name);
        if (place >= 0) return nic.ports().get(place);
        throw new Refusal(1, nic.name() + " has no port \"" + name + "\"" + Spelling.suggestion(name, names)
            + "; allowed: " + String.join(", ", names));
    }

    private static int queue(SimPort port, Words words) {
        String allowed = "0 to " + (port.queueCount() - 1);
        String text = words.next(1, "which queue? allowed: " + allowed);
        boolean isQueue = text.matches("[0-9]{1,3}") && Integer.parseInt(text) < port.queueCount();
        if (!isQueue) throw new Refusal(1, "\"" + text + "\" is no queue of " + port.name() + "; allowed: " + allowed);
        return Integer.parseInt(text);
    }

    /// When a duration from now is over.
    private long until(Words words, String usage) {
        String allowed = "a whole number and a unit (ns, us, ms, s, min, h), up to 1 h, as 200ms";
        String text = words.next(1, "for how long? allowed: " + allowed);
        words.end(usage);
        long ns = DurationText.parseNs(text, 1, FaultKind.NS_MAX).orElseThrow(() ->
            new Refusal(1, "\"" + text + "\" is no duration; allowed: " + allowed));
        return running.nowNs() + ns;
    }

    private static Answer show(List<SimNic> nics, boolean isJson) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        var text = new StringBuilder();
        for (SimNic nic : nics) {
            ObjectNode one = all.putObject(nic.name());
            FaultShares shares = nic.faults() instanceof FaultPanel panel ? panel.shares() : FaultShares.NONE;
            text.append(nic.name()).append(shares.isNone() ? ": none\n" : ":\n");
            for (FaultKind kind : FaultKind.values()) {
                if (!shares.isGiven(kind)) continue;
                if (kind.isShare()) one.put(kind.label(), shares.share(kind));
                else one.put(kind.label(), shares.ns(kind));
                text.append(String.format("  %-20s %-12s %s\n", kind.label(), FaultReader.text(shares, kind),
                    kind.meaning()));
            }
        }
        return isJson ? Answer.json(all) : Answer.text(text);
    }
}
