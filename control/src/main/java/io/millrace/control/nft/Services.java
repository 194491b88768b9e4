package io.millrace.control.nft;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Names of ports, from the machine's `/etc/services`. Without that file there are none.
final class Services {

    private static final Path FILE = Path.of("/etc/services");
    private static final Map<String, Integer> PORTS = read();

    private static Map<String, Integer> read() {
        Map<String, Integer> ports = new HashMap<>();
        List<String> lines;
        try {
            lines = Files.readAllLines(FILE, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ports;
        }
        for (String line : lines) {
            String[] words = line.replaceAll("#.*", "").trim().split("[ \t]+");
            if (words.length < 2 || !words[1].matches("[0-9]+/.*")) continue;
            int port = Integer.parseInt(words[1].substring(0, words[1].indexOf('/')));
            ports.putIfAbsent(words[0], port);
            for (int i = 2; i < words.length; i++) ports.putIfAbsent(words[i], port);
        }
        return ports;
    }

    /// The port, or null.
    static Integer port(String name) {
        return PORTS.get(name);
    }

    private Services() {}
}
