package io.millrace.control.ctl;

import io.millrace.dataplane.config.ConfigException;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A connection to the control socket of a running Millrace; waits for each answer.
final class SocketClient implements AutoCloseable {

    private final JsonMapper mapper = new JsonMapper();
    private final Path path;
    private final SocketChannel channel;
    private final BufferedReader reader;
    private final Queue<JsonNode> notifications = new ArrayDeque<>();
    private int lastId;

    /// Throws a [ConfigException] where nobody listens.
    SocketClient(Path path) {
        this.path = path;
        try {
            this.channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            String why = Files.exists(path) ? "nobody listens there: " + e.getMessage() : "there is no such socket";
            throw new ConfigException("no Millrace to control at " + path + ": " + why
                + "; a run has one if its config says control: FILE; --socket names another");
        }
        // Two threads never read and write at once, and a stream made of a channel would lock both ways.
        this.reader = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel),
            StandardCharsets.UTF_8));
    }

    /// Gives a command and waits for its answer: an object with `result` or `error`. Notifications that come first are
    /// kept for [#nextNotification].
    JsonNode call(String verb, List<String> words, boolean isJson) {
        return call(verb, words, isJson, notifications::add);
    }

    /// As [#call(String, List, boolean)], and hands on the notifications that come first.
    JsonNode call(String verb, List<String> words, boolean isJson, Consumer<JsonNode> meanwhile) {
        int id = ++lastId;
        ObjectNode request = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0").put("id", id)
            .put("method", verb);
        ObjectNode params = request.putObject("params");
        ArrayNode array = params.putArray("words");
        words.forEach(array::add);
        params.put("json", isJson);
        write(request + "\n");
        while (true) {
            JsonNode message = read();
            if (message == null) throw new ConfigException("Millrace ended before it answered");
            if (message.has("method")) {
                meanwhile.accept(message);
                continue;
            }
            boolean isCutOff = message.get("id").isNull();
            if (isCutOff || message.get("id").asInt() == id) return message;
        }
    }

    /// The next notification; null once Millrace has ended.
    JsonNode nextNotification() {
        JsonNode waiting = notifications.poll();
        return waiting != null ? waiting : read();
    }

    /// True if a notification has come already.
    boolean hasWaiting() {
        return !notifications.isEmpty();
    }

    boolean hasNotification() {
        try {
            return !notifications.isEmpty() || reader.ready();
        } catch (IOException e) {
            return false;
        }
    }

    private void write(String text) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) channel.write(bytes);
        } catch (IOException e) {
            throw new ConfigException("Millrace at " + path + " does not listen any more: " + e.getMessage());
        }
    }

    private JsonNode read() {
        try {
            String line = reader.readLine();
            return line == null ? null : mapper.readTree(line);
        } catch (IOException | JacksonException e) {
            throw new ConfigException("Millrace at " + path + " gave no answer: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing is lost.
        }
    }
}
