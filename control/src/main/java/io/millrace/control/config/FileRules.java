package io.millrace.control.config;

import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.WireConfig;
import io.millrace.packet.document.DocumentException;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.DocumentProblems;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Captures to read must be there, and captures to write must not destroy them or each other. Looks, opens nothing.
final class FileRules {

    private static final String ENDINGS = "a name that ends in .pcap or .pcapng";

    private record Claim(String port, Path file) {}

    private final DocumentProblems problems;
    private final DocumentNode portsNode;
    private final List<Claim> inputs = new ArrayList<>();
    private final List<Claim> outputs = new ArrayList<>();

    FileRules(DocumentProblems problems, DocumentNode portsNode) {
        this.problems = problems;
        this.portsNode = portsNode;
    }

    void check(List<PortConfig> ports) {
        for (PortConfig port : ports) {
            switch (port.wire()) {
                case WireConfig.Pcap pcap -> pcap.rx().ifPresent(file -> checkInput(port.wireEntry(), "rx", file));
                case WireConfig.Replay replay -> checkInput(port.wireEntry(), "rx", replay.rx());
                case WireConfig.Gen gen -> checkInput(port.wireEntry(), "profile", gen.profile());
                case WireConfig.Tap _, WireConfig.Null _ -> { }
            }
        }
        for (PortConfig port : ports) {
            if (port.wire() instanceof WireConfig.Pcap pcap) {
                pcap.tx().ifPresent(file -> checkOutput(port.wireEntry(), file));
            }
        }
    }

    private void checkInput(String port, String key, Path file) {
        inputs.add(new Claim(port, file));
        String trouble = "";
        if (!Files.exists(file)) trouble = "no such file: " + file;
        else if (Files.isDirectory(file)) trouble = file + " is a directory";
        else if (!Files.isRegularFile(file)) trouble = file + " is not a regular file";
        else if (!Files.isReadable(file)) trouble = file + " cannot be read: permission denied";
        if (trouble.isEmpty()) return;
        boolean isRelative = !file.isAbsolute() && !Files.exists(file);
        problems.add(error(port, key, trouble, (key.equals("rx") ? "a capture file" : "a traffic profile")
            + (isRelative ? "; the path is relative to the working folder " + Path.of("").toAbsolutePath() : "")));
    }

    private void checkOutput(String port, Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(".pcap") && !name.endsWith(".pcapng")) {
            problems.add(error(port, "tx", "cannot tell the format of " + file, ENDINGS));
            return;
        }
        var output = new TargetFile(file);
        for (Claim input : inputs) {
            if (!output.isSameAs(input.file)) continue;
            problems.add(error(port, "tx", file + " is the input of port " + input.port + " and would be overwritten",
                "a file of its own"));
            return;
        }
        for (Claim earlier : outputs) {
            if (!output.isSameAs(earlier.file)) continue;
            problems.add(error(port, "tx", file + " is the output of port " + earlier.port + " too",
                "a file of its own"));
            return;
        }
        outputs.add(new Claim(port, file));
        String objection = output.objection();
        if (objection.isEmpty()) return;
        problems.add(error(port, "tx", file + " cannot be written: " + objection, "a file that can be written"));
    }

    private DocumentException error(String port, String key, String message, String allowed) {
        return portsNode.required(port).required(key).error(message, allowed);
    }
}
