package io.millrace.nic.capture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What `capinfos` says of many files at once.
final class Capinfos {

    /// For each file its encapsulation, packets, bytes, first and last time; empty for a file of a link type that
    /// capinfos does not know.
    static List<String> rows(List<String> files) throws IOException {
        List<String> command = new ArrayList<>(List.of("capinfos", "-M", "-T", "-r"));
        command.addAll(List.of("-E", "-c", "-d", "-a", "-e", "-S"));
        command.addAll(files);
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        process.getOutputStream().close();
        String report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> rows = new HashMap<>();
        for (String line : report.lines().toList()) {
            int nameChars = line.indexOf('\t');
            rows.put(line.substring(0, nameChars), line.substring(nameChars + 1));
        }
        return files.stream().map(file -> rows.getOrDefault(file, "")).toList();
    }

    private Capinfos() {}
}
