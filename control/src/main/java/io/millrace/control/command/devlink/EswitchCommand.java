package io.millrace.control.command.devlink;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Caller;
import io.millrace.control.command.Words;
import io.millrace.control.device.NicControl;
import io.millrace.control.event.ControlEvent;
import io.millrace.control.live.Refusal;
import io.millrace.nic.sim.eswitch.EswitchMode;
import io.millrace.nic.sim.eswitch.ModeChange;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `devlink dev eswitch show` and `set`. A change goes on beside the traffic; the command is over when it is, and says
/// then for how long it has blocked traffic.
final class EswitchCommand {

    private static final List<String> INLINE_MODES = List.of("none", "link", "network", "transport");
    private static final List<String> ENCAP_MODES = List.of("none", "basic");
    private static final double NS_PER_US = 1e3;

    private final NicControl nic;
    private final Consumer<ControlEvent> events;

    EswitchCommand(NicControl nic, Consumer<ControlEvent> events) {
        this.nic = nic;
        this.events = events;
    }

    Answer show(Words words) {
        DevlinkVerb.end(words);
        String mode = nic.eswitch().mode().label();
        if (!words.isJson()) return Answer.text(nic.handle() + ": mode " + mode + "\n");
        ObjectNode devices = JsonNodeFactory.instance.objectNode();
        devices.putObject(nic.handle()).put("mode", mode);
        return Answer.json(DevlinkVerb.object("dev", devices));
    }

    Answer set(Words words, Caller caller) {
        EswitchMode mode = null;
        boolean wantsMore = false;
        if (!words.hasNext()) throw new Refusal(1, "Need to set at least one option");
        while (words.hasNext()) {
            String option = words.next();
            String value = DevlinkVerb.word(words);
            switch (option) {
                case "mode" -> mode = mode(value);
                case "inline-mode" -> wantsMore |= isOneOf(value, INLINE_MODES, "inline mode");
                case "encap-mode" -> wantsMore |= isOneOf(value, ENCAP_MODES, "encap mode");
                default -> throw new Refusal(1, "Unknown option \"" + option + "\"");
            }
        }
        boolean isUnsupported = wantsMore;
        if (mode == null) return rest(Answer.DONE, true);
        ModeChange change = nic.eswitch().begin(mode);
        String who = caller.who();
        return Answer.later(() -> {
            Answer answer = turn(change, who);
            return answer == null ? null : rest(answer, isUnsupported);
        });
    }

    private static EswitchMode mode(String value) {
        EswitchMode mode = EswitchMode.labelled(value);
        if (mode == null) throw new Refusal(1, "Unknown eswitch mode \"" + value + "\"");
        return mode;
    }

    private static boolean isOneOf(String value, List<String> allowed, String what) {
        if (!allowed.contains(value)) throw new Refusal(1, "Unknown eswitch " + what + " \"" + value + "\"");
        return true;
    }

    /// What else was asked for comes behind the mode, as in the kernel; what was done stays done.
    private static Answer rest(Answer answer, boolean isUnsupported) {
        if (isUnsupported) throw new Refusal(1, "kernel answers: Operation not supported");
        return answer;
    }

    private Answer turn(ModeChange change, String who) {
        if (change.ending() == ModeChange.Ending.UNCHANGED) return Answer.DONE;
        ControlEvent.EswitchMode event = nic.eswitch().turn(change, who);
        if (event == null) return null;
        if (change.ending() == ModeChange.Ending.UNCHANGED) return Answer.DONE;   // another change made it so
        events.accept(event);
        return switch (change.ending()) {
            case DONE -> Answer.DONE.with(0, report(event, change));
            case BUSY -> throw new Refusal(1, "Error: Can't change mode, E-Switch is busy.\n"
                + "kernel answers: Device or resource busy");
            default -> throw new Refusal(1, "Error: the device does not answer, its mode is "
                + nic.eswitch().mode().label() + ".\nkernel answers: Connection timed out");
        };
    }

    private static String report(ControlEvent.EswitchMode event, ModeChange change) {
        return String.format(Locale.ROOT,
            "%s: %s to %s in %.1f us; traffic blocked for %.1f us (%,d of %,d packets lost)%s", event.nic(),
            event.from(), event.to(), event.drainNs() / NS_PER_US, event.blockedNs() / NS_PER_US, event.lost(),
            event.offered(), change.record().hasDropped() ? "; entries were left, and dropped" : "");
    }
}
