package io.millrace.control.ctl;

import io.millrace.control.event.ControlEvent;
import io.millrace.control.verb.ExitStatus;
import io.millrace.dataplane.config.ConfigException;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Gives commands and prints their answers.
final class Dialogue {

    /// What fits into one message, whatever has to be escaped in it.
    private static final int INPUT_BYTES_MAX = 400_000;

    private final SocketClient client;
    private final InputStream in;
    private final PrintWriter out;
    private final PrintWriter err;
    private int partCount;   // members printed of the array under way

    /// @param in standard input for commands that read it; null where the commands themselves come from there
    Dialogue(SocketClient client, InputStream in, PrintWriter out, PrintWriter err) {
        this.client = client;
        this.in = in;
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
        if (verb.equals("nft")) nft(words);
        if (isFollowing(verb, words)) return follow(verb, words, isJson);
        partCount = 0;
        return print(client.call(verb, words, isJson, this::output));
    }

    /// True for commands that go on until somebody ends them.
    private static boolean isFollowing(String verb, List<String> words) {
        if (verb.equals("conntrack")) return words.contains("-E") || words.contains("--event");
        return verb.equals("nft") && words.stream().filter(word -> !word.startsWith("-")).findFirst()
            .filter(word -> word.equals("monitor")).isPresent();
    }

    /// Names of files are meant from where the operator is, and standard input is the operator's.
    private void nft(ArrayList<String> words) {
        for (int i = 0; i < words.size() && words.get(i).startsWith("-"); i++) {
            boolean isFile = words.get(i).equals("--file") || words.get(i).matches("-[a-z]*f[a-z]*");
            if (!isFile || i + 1 >= words.size()) continue;
            if (words.get(i + 1).equals("-")) {
                words.add(i + 2, standardInput());
            } else {
                words.addAll(0, List.of("--from", Path.of("").toAbsolutePath().toString()));
            }
            return;
        }
    }

    private String standardInput() {
        if (in == null) throw new ConfigException("nft -f -: standard input gives the commands here; name a file");
        try {
            byte[] bytes = in.readNBytes(INPUT_BYTES_MAX + 1);
            if (bytes.length > INPUT_BYTES_MAX) {
                throw new ConfigException("nft -f -: more than " + INPUT_BYTES_MAX + " bytes; name a file");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ConfigException("standard input cannot be read: " + e.getMessage());
        }
    }

    /// The client writes the file: it is the operator's, and may be a pipe.
    private int capture(ArrayList<String> words) {
        int at = words.indexOf("-w");
        if (words.isEmpty() || at < 0 || at + 1 >= words.size()) {
            err.println("capture PORT|drop|offload -w FILE|- : where to?");
            err.flush();
            return ExitStatus.WRONG_INPUT;
        }
        String file = words.get(at + 1);
        words.subList(at, at + 2).clear();
        JsonNode answer = client.call("capture", words, true);
        if (answer.has("error")) return print(answer);
        return new CaptureWriting(client, err).write(file, words.getFirst());
    }

    /// Prints what comes until Millrace ends, or the operator does.
    private int follow(String verb, List<String> words, boolean isJson) {
        JsonNode answer = client.call(verb, words, isJson);
        if (answer.has("error")) return print(answer);
        while (true) {
            JsonNode message = client.nextNotification();
            if (message == null) return ExitStatus.FINE;
            output(message);
            out.flush();
        }
    }

    private void output(JsonNode message) {
        JsonNode params = message.get("params");
        if (params == null || !message.get("method").asString().equals("output")) return;
        if (params.has("lost")) err.println(params.get("lost").asLong() + " events were lost");
        if (params.has("text")) out.print(params.get("text").asString());
        if (params.has("values")) params.get("values").forEach(this::part);
    }

    /// A member of an array that comes in parts.
    private void part(JsonNode member) {
        out.print(partCount++ == 0 ? '[' : ',');
        out.print(member);
    }

    private int print(JsonNode answer) {
        while (client.hasWaiting()) output(client.nextNotification());
        JsonNode error = answer.get("error");
        if (error != null) {
            if (partCount > 0) out.println();
            out.flush();
            err.println(error.get("message").asString().stripTrailing());
            err.flush();
            JsonNode data = error.get("data");
            return data == null ? ExitStatus.WRONG_INPUT : data.get("status").asInt();
        }
        JsonNode result = answer.get("result");
        if (result.has("value")) value(result.get("value"));
        else out.print(result.get("out").asString());
        out.flush();
        if (result.has("note")) err.print(result.get("note").asString());
        err.flush();
        return result.get("status").asInt();
    }

    private void value(JsonNode value) {
        if (partCount == 0) {
            out.println(value);
            return;
        }
        value.forEach(this::part);
        out.println(']');
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
