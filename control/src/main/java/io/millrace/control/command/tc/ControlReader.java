package io.millrace.control.command.tc;

import io.millrace.control.command.Words;
import io.millrace.flow.flower.ActionControl;

/// Reads what follows an action: `drop`, `pipe`, `goto chain 2`, …
final class ControlReader {

    static final String ALLOWED =
        "allowed are reclassify, drop, continue, pass, pipe, trap and goto chain CHAIN_INDEX";

    private final Words words;

    ControlReader(Words words) {
        this.words = words;
    }

    /// The control that stands here, or `otherwise` where none does.
    ActionControl read(ActionControl otherwise) {
        if (!words.hasNext()) return otherwise;
        ActionControl plain = plain(words.peek());
        if (plain != null) {
            words.next();
            return plain;
        }
        return words.take("goto") ? chain() : otherwise;
    }

    static ActionControl plain(String word) {
        return switch (word) {
            case "pass", "ok" -> ActionControl.PASS;
            case "drop", "shot" -> ActionControl.DROP;
            case "continue" -> ActionControl.CONTINUE;
            case "reclassify" -> ActionControl.RECLASSIFY;
            case "pipe" -> ActionControl.PIPE;
            case "trap" -> ActionControl.TRAP;
            default -> null;
        };
    }

    private ActionControl chain() {
        String word = TcRefusals.next(words);
        if (!word.equals("chain")) throw TcRefusals.usage("\"chain index\" expected\n" + ALLOWED);
        String number = TcRefusals.next(words);
        long chain = TcNumbers.number(number, 0xffff_ffffL).orElse(-1);
        if (chain < 0) throw TcRefusals.usage("Illegal \"chain index\"\n" + ALLOWED);
        if (chain > ActionControl.CHAIN_MAX) {
            throw TcRefusals.filter("Specified chain index exceeds upper limit");
        }
        return ActionControl.gotoChain((int) chain);
    }
}
