package io.millrace.control.verb.firmware;

import io.millrace.control.firmware.FirmwareDifference;
import io.millrace.control.firmware.FirmwareFile;
import io.millrace.control.verb.ExitStatus;
import io.millrace.control.verb.Verb;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `millrace firmware diff A B`.
@Command(name = "diff", description = {"Say which programs of two firmware images differ, and for parsers where.", "",
        "Exit status 0 if none, 1 if some."},
    footer = {"", "Example:", "  millrace firmware diff nic.fw other.fw"})
public final class FirmwareDiffVerb implements Verb {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "A", description = "A firmware image.")
    private Path left;

    @Parameters(index = "1", paramLabel = "B", description = "Another.")
    private Path right;

    @Override
    public Integer call() {
        List<String> differences = FirmwareDifference.between(FirmwareFile.read(left), FirmwareFile.read(right));
        PrintWriter out = spec.commandLine().getOut();
        if (differences.isEmpty()) out.println("the same programs");
        differences.forEach(out::println);
        return differences.isEmpty() ? ExitStatus.FINE : ExitStatus.WARNING;
    }
}
