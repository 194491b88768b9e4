package io.millrace.perf.profile;

import io.millrace.nic.driver.gen.layer.LayerStack;
import io.millrace.nic.driver.gen.random.SeededRandom;
import io.millrace.packet.document.DocumentNode;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Reads bytes: `{ text: hello }`, `{ hex: 00ff }` or `{ random: SEED }`; they are repeated to the end of a frame.
final class PayloadReader {

    static byte[] read(DocumentNode node) {
        node.object("text", "hex", "random");
        if (node.fields().size() != 1) throw node.error("a payload is of one kind", "text, hex, or random");
        if (node.has("hex")) return hex(node.required("hex"));
        if (node.has("text")) return node.required("text").asString().getBytes(StandardCharsets.UTF_8);
        var random = new SeededRandom(node.required("random").asLong(Long.MIN_VALUE, Long.MAX_VALUE));
        byte[] bytes = new byte[LayerStack.FRAME_BYTES_MAX];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) random.next();
        return bytes;
    }

    static byte[] hex(DocumentNode node) {
        String digits = node.asString().replaceAll("[ :]", "");
        if (!digits.matches("(?:[0-9a-fA-F]{2})+")) {
            throw node.error("\"" + node.asString() + "\" is no hexadecimal text",
                "pairs of hexadecimal digits, in quotes if they look like a number");
        }
        return HexFormat.of().parseHex(digits);
    }

    private PayloadReader() {}
}
