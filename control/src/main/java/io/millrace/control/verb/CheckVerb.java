package io.millrace.control.verb;

import io.millrace.control.config.ConfigFile;
import io.millrace.dataplane.config.DataplaneConfig;

import java.nio.file.Path;
import java.util.Locale;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `millrace check CONFIG`.
@Command(name = "check", description = "Read a config and say what is wrong with it. Opens no port, writes nothing.",
    footer = {"", "Example:", "  millrace check examples/02-router.yaml"})
public final class CheckVerb implements Verb {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "CONFIG", description = "Config file, YAML or JSON. Paths in it are relative to the "
        + "working folder.")
    private Path file;

    @Override
    public Integer call() {
        DataplaneConfig config = ConfigFile.read(file).config();
        spec.commandLine().getOut().println(file + ": fine, " + config.forwarding().name().toLowerCase(Locale.ROOT)
            + " with " + counted(config.ports().size(), "port") + ", " + counted(config.links().size(), "VLAN") + ", "
            + counted(config.routes().size(), "route") + ", " + counted(config.neighbours().size(), "neighbour")
            + (config.isOffline() ? "; offline, in virtual time" : "; in real time"));
        return ExitStatus.FINE;
    }

    private static String counted(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
