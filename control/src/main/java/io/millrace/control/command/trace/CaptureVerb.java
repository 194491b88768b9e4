package io.millrace.control.command.trace;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Caller;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.control.trace.CaptureSessions;
import io.millrace.control.trace.FrameFilter;

import java.util.List;

import tools.jackson.databind.node.JsonNodeFactory;

/// `capture PORT|drop|offload [-c N] [filter EXPRESSION]`: from now on the caller is sent each packet, until it goes or
/// has N.
public final class CaptureVerb implements ControlVerb {

    private static final String DROP = "drop";
    private static final String OFFLOAD = "offload";

    private final RunningDataplane running;
    private final CaptureSessions captures;

    public CaptureVerb(RunningDataplane running, CaptureSessions captures) {
        this.running = running;
        this.captures = captures;
    }

    @Override
    public String name() {
        return "capture";
    }

    @Override
    public List<String> usage() {
        return List.of("capture PORT -w FILE|- [-c N] [filter EXPRESSION]",
            "capture drop|offload -w FILE|- [-c N] [filter EXPRESSION]");
    }

    @Override
    public Answer run(Words words, Caller caller) {
        String of = words.next(1, "capture what? allowed: a port, drop, or offload");
        long packetsMax = Long.MAX_VALUE;
        if (words.take("-c")) packetsMax = count(words.next(1, "-c: how many packets?"));
        FrameFilter filter = TraceVerb.filter(words);
        if (of.equals(DROP)) captures.beginDrops(filter, packetsMax, caller);
        else if (of.equals(OFFLOAD)) captures.beginHardware(filter, packetsMax, caller);
        else captures.begin(TraceVerb.port(running, of), filter, packetsMax, caller);
        return Answer.json(JsonNodeFactory.instance.objectNode().put("capturing", of));
    }

    private static long count(String word) {
        if (word.matches("[0-9]{1,18}") && Long.parseLong(word) > 0) return Long.parseLong(word);
        throw new Refusal(1, "\"" + word + "\" is no number of packets; allowed: 1 or more");
    }
}
