package io.millrace.control.command.tc;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Caller;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.Words;
import io.millrace.control.live.TrafficControl;

import java.util.List;

/// `tc [OPTIONS] qdisc|filter …`.
public final class TcVerb implements ControlVerb {

    private final TrafficControl control;

    public TcVerb(TrafficControl control) {
        this.control = control;
    }

    @Override
    public String name() {
        return "tc";
    }

    @Override
    public List<String> usage() {
        return List.of("tc qdisc add|del dev PORT clsact|ingress", "tc [-j] qdisc [show [dev PORT]]",
            "tc filter add|replace|change dev PORT ingress|egress [pref N] protocol PROTO [chain N] [handle N] flower "
                + "KEYS [skip_sw|skip_hw] [verbose] action …",
            "tc filter del dev PORT ingress|egress [pref N [handle N flower]] [chain N]",
            "tc filter get dev PORT ingress|egress pref N handle N protocol PROTO flower",
            "tc [-s] [-j] [-p] filter show dev PORT [ingress|egress] [chain N]");
    }

    @Override
    public Answer run(Words words, Caller caller) {
        boolean hasStatistics = false;
        while (words.hasNext() && words.peek().startsWith("-")) {
            String option = words.next();
            switch (option) {
                case "-s", "-stats", "-statistics" -> hasStatistics = true;
                case "-j", "-json" -> words.wantJson();
                case "-p", "-pretty", "-d", "-details", "-n" -> { }
                case "-sj", "-js" -> {
                    hasStatistics = true;
                    words.wantJson();
                }
                default -> throw TcRefusals.usage("Option \"" + option + "\" is unknown, try \"tc -help\".");
            }
        }
        if (!words.hasNext()) throw TcRefusals.usage(String.join("\n", usage()));
        String object = words.next();
        if (object.equals("qdisc")) return new TcQdiscs(control).run(words);
        if (object.equals("filter")) return new TcFilters(control, hasStatistics).run(words);
        throw TcRefusals.usage("Object \"" + object + "\" is unknown, try \"tc help\"; allowed are qdisc and filter.");
    }
}
