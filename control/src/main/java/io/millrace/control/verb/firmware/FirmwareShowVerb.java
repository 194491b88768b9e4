package io.millrace.control.verb.firmware;

import io.millrace.control.firmware.FirmwareFile;
import io.millrace.control.firmware.FirmwareLines;
import io.millrace.control.verb.ExitStatus;
import io.millrace.control.verb.Verb;

import java.io.PrintWriter;
import java.nio.file.Path;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `millrace firmware show FILE`.
@Command(name = "show", description = "Say what is in a firmware image, and which of its engines are not those of this "
        + "Millrace.",
    footer = {"", "Example:", "  millrace firmware show nic.fw"})
public final class FirmwareShowVerb implements Verb {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "A firmware image.")
    private Path file;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isJson;

    @Override
    public Integer call() {
        var lines = new FirmwareLines(FirmwareFile.read(file));
        PrintWriter out = spec.commandLine().getOut();
        if (isJson) {
            out.println(lines.json());
        } else {
            lines.text().forEach(out::println);
        }
        return ExitStatus.FINE;
    }
}
