package io.millrace.control.command.tc;

import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.flow.flower.FlowerRefusal;

/// `tc`'s messages and exit status: 1 where a word of an option is wrong, 255 where the command line is, 2 where the
/// kernel refuses.
final class TcRefusals {

    private static final String TALKING = "\nWe have an error talking to the kernel";

    static Refusal illegal(String what) {
        return new Refusal(1, "Illegal \"" + what + "\"");
    }

    static Refusal text(String message) {
        return new Refusal(1, message);
    }

    static Refusal argument(String word, String why) {
        return new Refusal(255, "Error: argument \"" + word + "\" is wrong: " + why);
    }

    static Refusal usage(String message) {
        return new Refusal(255, message);
    }

    static Refusal noDevice(String name) {
        return new Refusal(1, "Cannot find device \"" + name + "\"");
    }

    /// What an action's own parser refused.
    static Refusal badAction(String message, String kind) {
        return new Refusal(1, message + "\nbad action parsing\nparse_action: bad value (" + kind + ")!");
    }

    static Refusal filter(String message) {
        return new Refusal(2, "Error: " + ended(message) + TALKING);
    }

    static Refusal filter(FlowerRefusal refused) {
        if (!refused.getMessage().isEmpty()) return filter(refused.getMessage());
        return new Refusal(2, "RTNETLINK answers: " + refused.errno().text() + TALKING);
    }

    static Refusal qdisc(String message) {
        return new Refusal(2, "Error: " + ended(message));
    }

    private static String ended(String message) {
        return message.endsWith(".") ? message : message + ".";
    }

    /// The next word, which must be there.
    static String next(Words words) {
        return words.next(255, "Command line is not complete. Try option \"help\"");
    }

    private TcRefusals() {}
}
