package io.millrace.control.ctl;

import io.millrace.control.event.ControlEvent;
import io.millrace.control.verb.ExitStatus;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Gives commands and prints their answers.
final class Dialogue {

    private final SocketClient client;
    private final PrintWriter out;
    private final PrintWriter err;

    Dialogue(SocketClient client, PrintWriter out, PrintWriter err) {
        this.client = client;
        this.out = out;
        this.err = err;
    }

    /// Gives a command of at least one word; returns its exit status. `--json` may stand anywhere in it.
    int run(List<String> command) {
        var words = new ArrayList<>(command);
        boolean isJson = words.removeIf(word -> word.equals("--json"));
        if (words.isEmpty()) return ExitStatus.FINE;
        String verb = words.removeFirst();
        if (verb.equals("trace") && words.equals(List.of("events"))) return events(isJson);
        if (verb.equals("capture")) return capture(words);
        return print(client.call(verb, words, isJson));
    }

    /// The client writes the file: it is the operator's, and may be a pipe.
    private int capture(ArrayList<String> words) {
        int at = words.indexOf("-w");
        if (words.isEmpty() || at < 0 || at + 1 >= words.size()) {
            err.println("capture PORT|drop -w FILE|- : where to?");
            err.flush();
            return ExitStatus.WRONG_INPUT;
        }
        String file = words.get(at + 1);
        words.subList(at, at + 2).clear();
        JsonNode answer = client.call("capture", words, true);
        if (answer.has("error")) return print(answer);
        return new CaptureWriting(client, err).write(file, words.getFirst());
    }

    private int print(JsonNode answer) {
        JsonNode error = answer.get("error");
        if (error != null) {
            err.println(error.get("message").asString().stripTrailing());
            err.flush();
            JsonNode data = error.get("data");
            return data == null ? ExitStatus.WRONG_INPUT : data.get("status").asInt();
        }
        JsonNode result = answer.get("result");
        if (result.has("value")) out.println(result.get("value"));
        else out.print(result.get("out").asString());
        out.flush();
        if (result.has("note")) err.print(result.get("note").asString());
        err.flush();
        return result.get("status").asInt();
    }

    /// Prints events until Millrace ends, or the operator does.
    private int events(boolean isJson) {
        int status = print(client.call("subscribe", List.of(), false));
        if (status != ExitStatus.FINE) return status;
        while (true) {
            JsonNode message = client.nextNotification();
            if (message == null) return ExitStatus.FINE;
            JsonNode params = message.get("params");
            if (params == null) continue;
            if (params.has("lost")) err.println(params.get("lost").asLong() + " events were lost");
            out.println(isJson ? params.toString()
                : ControlEvent.line(params.get("name").asString(), (ObjectNode) params.get("event")));
            out.flush();
        }
    }
}
