package io.millrace.control;

import io.millrace.control.ctl.CtlVerb;
import io.millrace.control.report.ProgressLine;
import io.millrace.control.report.ProgressListener;
import io.millrace.control.top.TopVerb;
import io.millrace.control.verb.CheckVerb;
import io.millrace.control.verb.ChecksumVerb;
import io.millrace.control.verb.GroVerb;
import io.millrace.control.verb.GsoVerb;
import io.millrace.control.verb.NftVerb;
import io.millrace.control.verb.RunVerb;
import io.millrace.control.verb.Runner;
import io.millrace.control.verb.Verb;
import io.millrace.control.verb.VersionVerb;
import io.millrace.control.verb.firmware.FirmwareVerb;
import io.millrace.control.verb.parser.ParserVerb;

import java.io.Console;
import java.io.PrintWriter;
import java.util.ServiceLoader;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

/// Where Millrace starts: gives the command line to its verb. Returns an [io.millrace.control.verb.ExitStatus].
public final class Main {

    public static void main(String[] args) {
        StopSignal stop = StopSignal.install();
        var out = new PrintWriter(System.out, true);
        var err = new PrintWriter(System.err, true);
        boolean isTerminal = isTerminal();
        ProgressListener listener =
            isTerminal ? new ProgressLine(err, stop::isRequested) : ProgressListener.silent(stop::isRequested);
        int status = execute(commandLine(new Wiring(), listener, isTerminal).setOut(out).setErr(err), args);
        out.flush();
        err.flush();
        stop.done();
        System.exit(status);
    }

    /// A console is there even when nobody looks at it; only a terminal shows colours and lines that rewrite
    /// themselves.
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    static int execute(CommandLine commandLine, String... args) {
        try {
            return commandLine.execute(args);
        } catch (Error e) {
            return Failures.bug(e, commandLine.getErr());
        }
    }

    static CommandLine commandLine(Runner runner, ProgressListener listener, boolean isTerminal) {
        var commandLine = new CommandLine(new TopCommand());
        add(commandLine, new RunVerb(runner, listener));
        add(commandLine, new CheckVerb());
        add(commandLine, new ChecksumVerb());
        add(commandLine, new GroVerb());
        add(commandLine, new GsoVerb());
        add(commandLine, new NftVerb());
        add(commandLine, new ParserVerb());
        add(commandLine, new FirmwareVerb());
        add(commandLine, new TopVerb(isTerminal, listener::isStopRequested));
        add(commandLine, new CtlVerb(System.in, isTerminal));
        // What follows the first word of a command is the command's, options too.
        commandLine.getSubcommands().get("ctl").setStopAtPositional(true);
        add(commandLine, new VersionVerb());
        for (Verb verb : ServiceLoader.load(Verb.class)) add(commandLine, verb);
        commandLine.addSubcommand(new CommandLine.HelpCommand());
        boolean isColoured = isTerminal && System.getenv("NO_COLOR") == null;
        var failures = new Failures();
        return commandLine
            .setColorScheme(CommandLine.Help.defaultColorScheme(isColoured ? Ansi.ON : Ansi.OFF))
            .setUsageHelpAutoWidth(isTerminal)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(failures)
            .setExecutionExceptionHandler(failures);
    }

    private static void add(CommandLine top, Verb verb) {
        var commandLine = new CommandLine(verb);
        addHelp(commandLine);
        top.addSubcommand(commandLine.getCommandName(), commandLine);
    }

    /// Every verb, and every verb below one, knows `--help`.
    private static void addHelp(CommandLine commandLine) {
        if (commandLine.getCommandSpec().findOption("--help") == null) {
            commandLine.getCommandSpec().addOption(
                OptionSpec.builder("-h", "--help").usageHelp(true).description("Print this help.").build());
        }
        commandLine.getSubcommands().values().forEach(Main::addHelp);
    }

    private Main() {}
}
