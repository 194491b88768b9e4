package io.millrace.control;

import io.millrace.control.verb.ExitStatus;
import io.millrace.control.verb.VersionVerb;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `millrace` without a verb.
@Command(name = "millrace", description = "A packet dataplane in pure Java.", synopsisSubcommandLabel = "VERB",
    commandListHeading = "%nVerbs:%n", versionProvider = VersionVerb.class,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
        "0:fine",
        "1:done, but something was wrong with the input, such as a damaged capture",
        "2:wrong input; nothing was written",
        "3:a bug in Millrace"},
    footer = {"", "Examples:", "  millrace run examples/02-router.yaml", "  millrace help run"})
final class TopCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Print this help.")
    private boolean isHelpWanted;

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Print the versions.")
    private boolean isVersionWanted;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitStatus.WRONG_INPUT;
    }
}
