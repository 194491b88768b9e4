package io.millrace.control.verb;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `millrace version`.
@Command(name = "version", description = "Print the versions of Millrace, Java and the system.")
public final class VersionVerb implements Verb, IVersionProvider {

    /// Maven puts it into the jar; classes run from a folder have no version.
    private static final String PROPERTIES = "/META-INF/maven/io.millrace/millrace-control/pom.properties";

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        for (String line : getVersion()) spec.commandLine().getOut().println(line);
        return ExitStatus.FINE;
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "millrace " + version(),
            "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
            System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch")};
    }

    /// Millrace's.
    public static String version() {
        try (InputStream in = VersionVerb.class.getResourceAsStream(PROPERTIES)) {
            if (in == null) return "(not packaged)";
            var properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
