package io.millrace.control.config;

import io.millrace.dataplane.config.ConfigException;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.packet.document.Document;
import io.millrace.packet.document.DocumentException;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.DocumentProblems;

import java.nio.file.Path;

/// A config file that was read, and could be.
public final class ConfigFile {

    private final DocumentNode root;
    private final ConfigReader.Parts parts;
    private final Path file;

    private ConfigFile(DocumentNode root, ConfigReader.Parts parts, Path file) {
        this.root = root;
        this.parts = parts;
        this.file = file;
    }

    /// Reads YAML, or JSON if the name ends so. Throws a [DocumentException] that shows everything that is wrong.
    public static ConfigFile read(Path file) {
        DocumentNode root = Document.read(file);
        return new ConfigFile(root, ConfigReader.read(root), file);
    }

    /// A config in YAML that lies in no file; `name` is what errors call it.
    public static ConfigFile parse(String name, String text) {
        DocumentNode root = Document.yaml(name, text);
        return new ConfigFile(root, ConfigReader.read(root), Path.of(name));
    }

    public DataplaneConfig config() {
        return parts.dataplane();
    }

    /// How a live run of it is controlled; knows the file.
    public ControlConfig control() {
        return parts.control().of(file);
    }

    /// The same problems, each shown in its place in the file.
    public DocumentException located(ConfigException exception) {
        var problems = new DocumentProblems();
        exception.problems().forEach(problem -> problems.add(ConfigPlaces.located(root, problem)));
        return problems.together();
    }
}
