package io.millrace.simulation.netns;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The control socket of a router that runs as a process of its own.
record RouterControl(Path socket) {

    /// Gives a command, which must succeed; returns what it prints, the notes last.
    String give(String verb, String... words) throws IOException {
        var request = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0").put("id", 1).put("method", verb);
        ArrayNode params = request.putArray("params");
        for (String each : words) params.add(each);
        var address = UnixDomainSocketAddress.of(socket);
        try (var channel = SocketChannel.open(address);
             var lines = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel),
                 StandardCharsets.UTF_8))) {
            ByteBuffer bytes = ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) channel.write(bytes);
            var text = new StringBuilder();
            while (true) {
                String line = lines.readLine();
                if (line == null) throw new IOException("the control socket was closed");
                JsonNode message = new ObjectMapper().readTree(line);
                if (message.has("method")) {
                    text.append(message.at("/params/text").asString());
                    continue;
                }
                if (message.has("error")) throw new IOException(message.at("/error/message").asString());
                return text + message.at("/result/out").asString() + message.at("/result/note").asString("");
            }
        }
    }
}
