package io.millrace.control.config;

import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.WireConfig;
import io.millrace.packet.document.DocumentException;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.DocumentProblems;

import java.io.IOException;
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
                case WireConfig.Pcap pcap -> pcap.rx().ifPresent(file -> checkInput(port.name(), file));
                case WireConfig.Replay replay -> checkInput(port.name(), replay.rx());
                case WireConfig.Null _ -> { }
            }
        }
        for (PortConfig port : ports) {
            if (port.wire() instanceof WireConfig.Pcap pcap) {
                pcap.tx().ifPresent(file -> checkOutput(port.name(), file));
            }
        }
    }

    private void checkInput(String port, Path file) {
        inputs.add(new Claim(port, file));
        String trouble = "";
        if (!Files.exists(file)) trouble = "no such file: " + file;
        else if (Files.isDirectory(file)) trouble = file + " is a directory";
        else if (!Files.isRegularFile(file)) trouble = file + " is not a regular file";
        else if (!Files.isReadable(file)) trouble = file + " cannot be read: permission denied";
        if (trouble.isEmpty()) return;
        boolean isRelative = !file.isAbsolute() && !Files.exists(file);
        problems.add(error(port, "rx", trouble, "a capture file"
            + (isRelative ? "; the path is relative to the working folder " + Path.of("").toAbsolutePath() : "")));
    }

    private void checkOutput(String port, Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(".pcap") && !name.endsWith(".pcapng")) {
            problems.add(error(port, "tx", "cannot tell the format of " + file, ENDINGS));
            return;
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            problems.add(error(port, "tx", file + " is there and not a regular file", "a file to be written"));
            return;
        }
        for (Claim input : inputs) {
            if (!isSame(file, input.file)) continue;
            problems.add(error(port, "tx", file + " is the input of port " + input.port + " and would be overwritten",
                "a file of its own"));
            return;
        }
        for (Claim output : outputs) {
            if (!isSame(file, output.file)) continue;
            problems.add(error(port, "tx", file + " is the output of port " + output.port + " too",
                "a file of its own"));
            return;
        }
        outputs.add(new Claim(port, file));
        checkFolder(port, file);
    }

    /// Folders that are missing are made when the file is opened.
    private void checkFolder(String port, Path file) {
        Path folder = existingFolder(file);
        boolean isWritable = folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
        if (!isWritable) {
            problems.add(error(port, "tx", file + " cannot be written: " + folder + " is no writable folder", ""));
        } else if (Files.exists(file) && !Files.isWritable(file)) {
            problems.add(error(port, "tx", file + " cannot be written: permission denied", ""));
        }
    }

    private DocumentException error(String port, String key, String message, String allowed) {
        return portsNode.required(port).required(key).error(message, allowed);
    }

    /// True also for two names of one file, by links of either kind.
    private static boolean isSame(Path one, Path other) {
        try {
            if (Files.exists(one) && Files.exists(other)) return Files.isSameFile(one, other);
            return resolved(one).equals(resolved(other));
        } catch (IOException e) {
            return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
        }
    }

    /// Where a file will be that is not there yet: links on the way are followed.
    private static Path resolved(Path file) throws IOException {
        Path absolute = file.toAbsolutePath().normalize();
        Path folder = existingFolder(absolute);
        return folder == null ? absolute : folder.toRealPath().resolve(folder.relativize(absolute));
    }

    private static Path existingFolder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        while (folder != null && !Files.exists(folder)) folder = folder.getParent();
        return folder;
    }
}
