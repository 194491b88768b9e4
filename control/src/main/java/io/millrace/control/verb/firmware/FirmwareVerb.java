package io.millrace.control.verb.firmware;

import io.millrace.control.verb.ExitStatus;
import io.millrace.control.verb.Verb;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `millrace firmware`.
@Command(name = "firmware", description = {"Build and read the images that a simulated NIC boots: the tables of its "
        + "parser, and the name and hash of each engine."},
    synopsisSubcommandLabel = "VERB", commandListHeading = "%nVerbs:%n",
    subcommands = {FirmwareBuildVerb.class, FirmwareShowVerb.class, FirmwareDiffVerb.class},
    footer = {"", "Examples:", "  millrace firmware build --graph default -o nic.fw",
        "  millrace firmware show nic.fw", "  millrace firmware diff nic.fw other.fw"})
public final class FirmwareVerb implements Verb {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitStatus.WRONG_INPUT;
    }
}
