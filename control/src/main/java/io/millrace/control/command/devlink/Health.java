package io.millrace.control.command.devlink;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Words;
import io.millrace.control.device.HealthReporter;
import io.millrace.control.device.NicControl;
import io.millrace.control.device.Nics;
import io.millrace.control.live.Refusal;

import java.util.List;
import java.util.stream.Collectors;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `devlink health`: what went wrong with a device, and making it whole again.
final class Health {

    private final Nics nics;

    Health(Nics nics) {
        this.nics = nics;
    }

    Answer run(Words words) {
        String command = words.hasNext() ? words.next() : "show";
        return switch (command) {
            case "show" -> show(words);
            case "recover" -> {
                HealthReporter reporter = reporter(nics.handled(DevlinkVerb.word(words)), words);
                reporter.recover();
                yield Answer.DONE;
            }
            case "diagnose" -> diagnose(words);
            case "dump", "set", "test" ->
                throw DevlinkVerb.unsupported("reporters have no dumps, no settings and no tests");
            default -> throw new Refusal(1, "Command \"" + command + "\" not found");
        };
    }

    private static HealthReporter reporter(NicControl nic, Words words) {
        DevlinkVerb.expect(words, "reporter");
        String name = DevlinkVerb.word(words);
        DevlinkVerb.end(words);
        List<HealthReporter> all = nic.reporters();
        return all.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow(() ->
            new Refusal(1, "kernel answers: No such file or directory\nthe reporters are "
                + all.stream().map(HealthReporter::name).collect(Collectors.joining(", "))));
    }

    private Answer show(Words words) {
        ObjectNode devices = JsonNodeFactory.instance.objectNode();
        var text = new StringBuilder();
        if (words.hasNext()) {
            NicControl nic = nics.handled(words.next());
            append(nic, List.of(reporter(nic, words)), devices, text);
        } else {
            nics.all().forEach(nic -> append(nic, nic.reporters(), devices, text));
        }
        return words.isJson() ? Answer.json(DevlinkVerb.object("health", devices)) : Answer.text(text);
    }

    private static void append(NicControl nic, List<HealthReporter> reporters, ObjectNode devices,
                               StringBuilder text) {
        text.append(nic.handle()).append(":\n");
        ArrayNode array = devices.putArray(nic.handle());
        for (HealthReporter each : reporters) append(each, array, text);
    }

    private static void append(HealthReporter reporter, ArrayNode array, StringBuilder text) {
        String state = reporter.isHealthy() ? "healthy" : "error";
        text.append("  reporter ").append(reporter.name()).append("\n    state ")
            .append(state).append(" error ").append(reporter.errorCount()).append(" recover ")
            .append(reporter.recoverCount()).append(" auto_recover ").append(reporter.recoversItself())
            .append(" auto_dump true\n");
        array.addObject().put("reporter", reporter.name()).put("state", state)
            .put("error", reporter.errorCount()).put("recover", reporter.recoverCount())
            .put("auto_recover", reporter.recoversItself()).put("auto_dump", true);
    }

    private Answer diagnose(Words words) {
        HealthReporter reporter = reporter(nics.handled(DevlinkVerb.word(words)), words);
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        var text = new StringBuilder();
        reporter.diagnosis().forEach((name, value) -> {
            node.put(name, value);
            text.append(' ').append(name).append(": ").append(value).append('\n');
        });
        return words.isJson() ? Answer.json(node) : Answer.text(text);
    }
}
