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
    private final DataplaneConfig config;

    private ConfigFile(DocumentNode root, DataplaneConfig config) {
        this.root = root;
        this.config = config;
    }

    /// Reads YAML, or JSON if the name ends so. Throws a [DocumentException] that shows everything that is wrong.
    public static ConfigFile read(Path file) {
        DocumentNode root = Document.read(file);
        return new ConfigFile(root, ConfigReader.read(root));
    }

    public DataplaneConfig config() {
        return config;
    }

    /// The same problems, each shown in its place in the file.
    public DocumentException located(ConfigException exception) {
        var problems = new DocumentProblems();
        exception.problems().forEach(problem -> problems.add(ConfigPlaces.located(root, problem)));
        return problems.together();
    }
}
