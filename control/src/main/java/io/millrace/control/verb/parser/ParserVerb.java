package io.millrace.control.verb.parser;

import io.millrace.control.verb.ExitStatus;
import io.millrace.control.verb.Verb;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `millrace parser`.
@Command(name = "parser", description = {"Work with parse graphs (Common Parser Representation).", "",
        "A FILE is a graph in JSON, a device's image of one, or the name of a graph that ships with Millrace: default, "
            + "l3, quote, options."},
    synopsisSubcommandLabel = "VERB", commandListHeading = "%nVerbs:%n",
    subcommands = {ParserCheckVerb.class, ParserHashVerb.class, ParserCanonicalVerb.class, ParserPrintVerb.class,
        ParserCompileVerb.class, ParserWalkVerb.class, ParserDiffVerb.class},
    footer = {"", "Examples:", "  millrace parser hash default", "  millrace parser walk default trace.pcap",
        "  millrace parser diff default l3"})
public final class ParserVerb implements Verb {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitStatus.WRONG_INPUT;
    }
}
