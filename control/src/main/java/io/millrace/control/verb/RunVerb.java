package io.millrace.control.verb;

import io.millrace.control.config.ConfigFile;
import io.millrace.control.report.JsonReport;
import io.millrace.control.report.ProgressListener;
import io.millrace.control.report.RunReport;
import io.millrace.control.report.TextReport;
import io.millrace.dataplane.config.ConfigException;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `millrace run CONFIG`.
@Command(name = "run", description = "Forward packets until the inputs end or Ctrl-C, then say what became of each.",
    footer = {"", "Examples:",
        "  millrace run examples/02-router.yaml",
        "  millrace run --report json gateway.yaml | jq .account",
        "  millrace run --report-file out/report.txt --verbose gateway.yaml"})
public final class RunVerb implements Verb {

    /// How a report is written; named in small letters on the command line.
    enum Format {
        TEXT, JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Runner runner;
    private final ProgressListener listener;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "CONFIG", description = "Config file, YAML or JSON. Paths in it are relative to the "
        + "working folder.")
    private Path file;

    @Option(names = "--report", paramLabel = "FORMAT", defaultValue = "text",
        description = "How to write the report: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Option(names = "--report-file", paramLabel = "FILE",
        description = "Where to write it, instead of standard output.")
    private Optional<Path> reportFile;

    @Option(names = "--verbose", description = "Also name the verdicts that no packet met (text only).")
    private boolean isVerbose;

    public RunVerb(Runner runner, ProgressListener listener) {
        this.runner = runner;
        this.listener = listener;
    }

    @Override
    public Integer call() {
        ConfigFile configFile = ConfigFile.read(file);
        reportFile.ifPresent(target -> new ReportTarget(target).check(file, configFile.config()));
        RunReport report;
        try {
            report = runner.run(configFile.config(), configFile.control(), listener);
        } catch (ConfigException e) {
            throw configFile.located(e);
        } finally {
            listener.onEnd();
        }
        write(report);
        return status(report);
    }

    private void write(RunReport report) {
        String text = format == Format.JSON ? JsonReport.of(report) : TextReport.of(report, isVerbose);
        if (reportFile.isEmpty()) {
            PrintWriter out = spec.commandLine().getOut();
            out.print(text);
            out.flush();
        } else {
            try {
                Files.createDirectories(reportFile.get().toAbsolutePath().getParent());
                Files.writeString(reportFile.get(), text);
            } catch (IOException e) {
                throw new UncheckedIOException("the report cannot be written", e);
            }
        }
        boolean isOnScreen = reportFile.isEmpty() && format == Format.TEXT;
        if (isOnScreen) return;
        PrintWriter err = spec.commandLine().getErr();
        for (String warning : report.warnings()) err.println("millrace: warning: " + warning);
        err.flush();
    }

    private int status(RunReport report) {
        if (!report.contradictions().isEmpty()) {
            PrintWriter err = spec.commandLine().getErr();
            for (String contradiction : report.contradictions()) err.println("millrace: bug: " + contradiction);
            err.println("millrace: please report this, with the config and its captures");
            err.flush();
            return ExitStatus.BUG;
        }
        return report.warnings().isEmpty() ? ExitStatus.FINE : ExitStatus.WARNING;
    }
}
