package io.millrace.control.command.trace;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Caller;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.control.trace.FrameFilter;
import io.millrace.control.trace.PacketTrace;
import io.millrace.control.trace.Watching;
import io.millrace.nic.port.Port;
import io.millrace.packet.document.Spelling;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `trace add PORT N [filter EXPRESSION]`, `trace show`, `trace clear`. (`trace events` is the client's.)
public final class TraceVerb implements ControlVerb {

    private static final int COUNT_MAX = 1_000;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final RunningDataplane running;
    private final Watching watching;

    public TraceVerb(RunningDataplane running, Watching watching) {
        this.running = running;
        this.watching = watching;
    }

    @Override
    public String name() {
        return "trace";
    }

    @Override
    public List<String> usage() {
        return List.of("trace add PORT N [filter EXPRESSION]", "trace show", "trace clear", "trace events");
    }

    @Override
    public Answer run(Words words, Caller caller) {
        String command = words.next(1, "trace what? allowed: add, show, clear, events");
        switch (command) {
            case "add" -> {
                add(words);
                return Answer.DONE;
            }
            case "show" -> {
                words.end("trace show");
                return words.isJson() ? json(watching.traces()) : text(watching.traces());
            }
            case "clear" -> {
                words.end("trace clear");
                watching.clearTraces();
                return Answer.DONE;
            }
            default -> throw new Refusal(1, "unknown command \"" + command + "\"; allowed: add, show, clear, events");
        }
    }

    private void add(Words words) {
        int port = port(running, words.next(1, "trace add PORT N: which port?"));
        String count = words.hasNext() ? words.next() : "50";
        boolean isNumber = count.matches("[0-9]{1,4}") && Integer.parseInt(count) >= 1
            && Integer.parseInt(count) <= COUNT_MAX;
        if (!isNumber) throw new Refusal(1, "\"" + count + "\" is no number of packets; allowed: 1 to " + COUNT_MAX);
        watching.trace(port, Integer.parseInt(count), filter(words));
    }

    /// Number of a port by its name.
    static int port(RunningDataplane running, String name) {
        List<String> names = running.ports().stream().map(Port::name).toList();
        if (names.contains(name)) return names.indexOf(name);
        throw new Refusal(1, "no port is named \"" + name + "\"" + Spelling.suggestion(name, names) + "; allowed: "
            + String.join(", ", names));
    }

    /// What is left of the words: nothing, or `filter EXPRESSION`.
    static FrameFilter filter(Words words) {
        if (!words.hasNext()) return FrameFilter.ALL;
        if (!words.take("filter")) words.end("… [filter EXPRESSION]");
        var expression = new ArrayList<String>();
        while (words.hasNext()) expression.add(words.next());
        return FrameFilter.parse(expression);
    }

    private static Answer text(List<PacketTrace> traces) {
        var text = new StringBuilder();
        int number = 0;
        for (PacketTrace trace : traces) {
            text.append("packet ").append(++number).append(", received by ").append(trace.port()).append(" at ")
                .append(Instant.ofEpochSecond(trace.timeNs() / NS_PER_SECOND, trace.timeNs() % NS_PER_SECOND))
                .append('\n');
            for (PacketTrace.Step step : trace.steps()) {
                text.append(String.format(Locale.ROOT, "  +%.3f us  %-10s %s", step.afterNs() / 1e3, step.at(),
                    step.text()).stripTrailing()).append('\n');
            }
        }
        return Answer.text(text);
    }

    private static Answer json(List<PacketTrace> traces) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (PacketTrace trace : traces) {
            ObjectNode node = array.addObject().put("port", trace.port()).put("timeNs", trace.timeNs());
            ArrayNode steps = node.putArray("steps");
            trace.steps().forEach(step -> steps.addObject().put("afterNs", step.afterNs()).put("at", step.at())
                .put("text", step.text()));
        }
        return Answer.json(array);
    }
}
