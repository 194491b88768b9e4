package io.millrace.control.command.tc;

import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.CtAction;
import io.millrace.flow.flower.CtNat;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.packet.address.IpAddress;

import java.util.OptionalLong;
import java.util.Set;

/// Reads the action `ct`.
final class CtReader {

    private static final Set<String> OPTIONS = Set.of("commit", "force", "zone", "mark", "label", "nat", "helper");
    private static final int PORT_MAX = 0xffff;

    private final Words words;
    private final ControlReader controls;
    private boolean isCommit;
    private boolean isForced;
    private long zone;
    private long mark;
    private long markMask;
    private CtNat nat;

    CtReader(Words words) {
        this.words = words;
        this.controls = new ControlReader(words);
    }

    FlowerAction read() {
        if (words.take("clear")) return new FlowerAction.Ct(CtAction.CLEAR, controls.read(ActionControl.PIPE));
        while (words.hasNext() && OPTIONS.contains(words.peek())) option(words.next());
        if (isForced && !isCommit) throw bad("ct: \"force\" needs \"commit\"");
        if (nat != null && nat.side() != CtNat.Side.NONE && !isCommit) {
            throw bad("ct: \"nat src\" and \"nat dst\" need \"commit\"");
        }
        var what = new CtAction(false, isCommit, isForced, (int) zone, (int) mark, (int) markMask, nat);
        return new FlowerAction.Ct(what, controls.read(ActionControl.PIPE));
    }

    private void option(String option) {
        switch (option) {
            case "commit" -> isCommit = true;
            case "force" -> isForced = true;
            case "zone" -> zone = number(TcRefusals.next(words), 0xffff, option);
            case "mark" -> {
                String[] parts = TcRefusals.next(words).split("/", 2);
                mark = number(parts[0], 0xffff_ffffL, option);
                markMask = parts.length < 2 ? 0xffff_ffffL : number(parts[1], 0xffff_ffffL, option);
            }
            case "nat" -> nat = nat();
            default -> throw bad("ct " + option + " is not supported; allowed are commit, force, zone N, "
                + "mark N[/MASK], nat [src|dst addr ADDRESS[-ADDRESS] [port PORT[-PORT]]] and clear");
        }
    }

    private CtNat nat() {
        boolean isSource = words.take("src");
        if (!isSource && !words.take("dst")) return CtNat.AS_BOUND;
        if (!words.take("addr")) throw bad("ct: \"nat " + (isSource ? "src" : "dst") + "\" needs \"addr ADDRESS\"");
        String[] ends = TcRefusals.next(words).split("-", 2);
        IpAddress first = address(ends[0]);
        IpAddress last = ends.length == 1 ? first : address(ends[1]);
        if (first.family() != last.family() || first.compareTo(last) > 0) {
            throw bad("ct: Illegal \"nat range\": " + first + "-" + last + " does not rise");
        }
        int portMin = 0;
        int portMax = 0;
        if (words.take("port")) {
            String[] ports = TcRefusals.next(words).split("-", 2);
            portMin = (int) number(ports[0], PORT_MAX, "nat port");
            portMax = ports.length == 1 ? portMin : (int) number(ports[1], PORT_MAX, "nat port");
            if (portMin == 0 || portMax < portMin) throw bad("ct: Illegal \"nat port\"");
        }
        return new CtNat(isSource ? CtNat.Side.SOURCE : CtNat.Side.TARGET, first.family(), first.high(),
            first.low(), last.high(), last.low(), portMin, portMax);
    }

    private static IpAddress address(String word) {
        try {
            return IpAddress.parse(word);
        } catch (IllegalArgumentException e) {
            throw bad("ct: Illegal \"nat address\": " + word);
        }
    }

    private static long number(String word, long max, String option) {
        OptionalLong number = TcNumbers.number(word, max);
        return number.orElseThrow(() -> bad("ct: Illegal \"" + option + "\""));
    }

    private static Refusal bad(String message) {
        return TcRefusals.badAction(message, "ct");
    }
}
