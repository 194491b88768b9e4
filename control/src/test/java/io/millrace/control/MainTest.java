package io.millrace.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.control.report.ProgressListener;
import io.millrace.control.report.SampleReports;
import io.millrace.control.verb.Runner;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.dataplane.config.ConfigProblem;
import io.millrace.dataplane.config.DataplaneConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The command line as a shell sees it: what it prints, and its exit status. Runs are stood in for.
class MainTest {

    @TempDir Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final AtomicReference<DataplaneConfig> ran = new AtomicReference<>();
    private Runner runner = (config, _, _) -> {
        ran.set(config);
        return SampleReports.router();
    };
    private Path config;

    @BeforeEach
    void writeConfig() throws IOException {
        Files.createFile(folder.resolve("lan.pcap"));
        config = Files.writeString(folder.resolve("g.yaml"), """
            ports:
              lan:
                wire: pcap
                rx: %1$s/lan.pcap
                tx: %1$s/out/lan.pcap
            """.formatted(folder));
    }

    private int millrace(Object... args) {
        String[] texts = List.of(args).stream().map(Object::toString).toArray(String[]::new);
        return Main.execute(Main.commandLine(runner, ProgressListener.silent(() -> false), false)
            .setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)), texts);
    }

    @Test
    void runPrintsTheReport() {
        assertThat(millrace("run", config)).isZero();
        assertThat(out.toString()).startsWith("port ").contains("every packet is accounted for");
        assertThat(err.toString()).isEmpty();
        assertThat(ran.get().ports()).hasSize(1);
    }

    @Test
    void jsonAloneIsOnStandardOutput() {
        runner = (_, _, _) -> SampleReports.router("lan.pcap: cut at byte 7");
        assertThat(millrace("run", "--report", "json", config)).isEqualTo(1);
        assertThat(out.toString()).startsWith("{").endsWith("}\n");
        assertThat(err.toString()).isEqualTo("millrace: warning: lan.pcap: cut at byte 7\n");
    }

    @Test
    void damagedCaptureIsAWarning() {
        runner = (_, _, _) -> SampleReports.router("lan.pcap: cut at byte 7");
        assertThat(millrace("run", config)).isEqualTo(1);
        assertThat(out.toString()).endsWith("warning: lan.pcap: cut at byte 7\n");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void reportGoesToAFileWhoseFolderIsMade() throws IOException {
        Path file = folder.resolve("reports/today.txt");
        assertThat(millrace("run", "--report-file", file, config)).isZero();
        assertThat(out.toString()).isEmpty();
        assertThat(Files.readString(file)).startsWith("port ");
    }

    @Test
    void reportMustNotOverwriteWhatTheRunUses() {
        for (String name : new String[] {"lan.pcap", "out/lan.pcap", "g.yaml"}) {
            err.getBuffer().setLength(0);
            Path file = folder.resolve(name);
            assertThat(millrace("run", "--report-file", file, config)).isEqualTo(2);
            assertThat(err.toString()).isEqualTo(
                "millrace: --report-file " + file + " cannot be written: the run itself uses " + file + "\n");
        }
        assertThat(millrace("run", "--report-file", folder, config)).isEqualTo(2);
        assertThat(err.toString()).endsWith("cannot be written: it is a folder\n");
        assertThat(ran.get()).isNull();
    }

    @Test
    void wrongConfigIsShownAndNothingRuns() throws IOException {
        Files.writeString(config, "prots: {}\n");
        assertThat(millrace("run", config)).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("""
            @:1:1: unknown key "prots", did you mean "ports"?
              1 | prots: {}
                | ^
              allowed: workers, threading, forwarding, ports, routes, neighbours, sysctl, ruleset, flowtable-lookup, nics, seed,
                       poll-interval, drain, control, counters, metrics
            @:1:1: "ports" is missing
              1 | prots: {}
                | ^
            """.replace("@", config.toString()));
        assertThat(out.toString()).isEmpty();
        assertThat(ran.get()).isNull();
    }

    @Test
    void missingConfigIsNamed() {
        assertThat(millrace("run", folder.resolve("none.yaml"))).isEqualTo(2);
        assertThat(err.toString()).isEqualTo(folder.resolve("none.yaml") + ": no such file\n");
    }

    @Test
    void whatIsFoundWithFilesOpenIsShownInTheConfig() {
        runner = (_, _, _) -> {
            throw new ConfigException(List.of(new ConfigProblem(
                "ports/lan/tx", "a classic pcap takes one link type, the input has 1 and 101", "use .pcapng")));
        };
        assertThat(millrace("run", config)).isEqualTo(2);
        assertThat(err.toString().replace(folder.toString(), "@")).isEqualTo("""
            @/g.yaml:5:9: ports.lan.tx: a classic pcap takes one link type, the input has 1 and 101
              5 |     tx: @/out/lan.pcap
                |         ^
              allowed: use .pcapng
            """);
    }

    @Test
    void troubleWithoutAPlaceNamesTheConfig() {
        runner = (_, _, _) -> { throw new ConfigException("too many ports for the memory there is"); };
        assertThat(millrace("run", config)).isEqualTo(2);
        assertThat(err.toString()).isEqualTo(config + ": too many ports for the memory there is\n");
    }

    @Test
    void fullDiskIsTheOperators() {
        runner = (_, _, _) -> {
            throw new UncheckedIOException("x.pcap cannot be written", new IOException("No space left on device"));
        };
        assertThat(millrace("run", config)).isEqualTo(2);
        assertThat(err.toString())
            .isEqualTo("millrace: x.pcap cannot be written: No space left on device\n");
    }

    @Test
    void ourBugAsksToBeReported() {
        runner = (_, _, _) -> { throw new IllegalStateException("freed twice"); };
        assertThat(millrace("run", config)).isEqualTo(3);
        assertThat(err.toString())
            .startsWith("millrace: stopped by a bug of its own; please report what follows, with the config:\n")
            .contains("java.lang.IllegalStateException: freed twice").contains("\tat ");
    }

    @Test
    void failedAssertionIsOurBugToo() {
        runner = (_, _, _) -> { throw new AssertionError("slot 7"); };
        assertThat(millrace("run", config)).isEqualTo(3);
        assertThat(err.toString()).contains("java.lang.AssertionError: slot 7");
    }

    @Test
    void packetsThatAreNotAccountedForAreOurBug() {
        runner = (_, _, _) -> SampleReports.broken();
        assertThat(millrace("run", config)).isEqualTo(3);
        assertThat(out.toString()).contains("1 not accounted for: ");
        assertThat(err.toString()).isEqualTo("""
            millrace: bug: packets not accounted for: 1
            millrace: please report this, with the config and its captures
            """);
    }

    @Test
    void checkReadsAndRunsNothing() {
        assertThat(millrace("check", config)).isZero();
        assertThat(out.toString()).isEqualTo(config
            + ": fine, router with 1 port, 0 VLANs, 0 routes, 0 neighbours; offline, in virtual time\n");
        assertThat(ran.get()).isNull();
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void checkRefusesWhatRunRefuses() throws IOException {
        Files.writeString(config, "ports: { lan: { wire: afxdp } }\n");
        assertThat(millrace("check", config)).isEqualTo(2);
        assertThat(err.toString()).contains("\"afxdp\" is not available yet in this version");
    }

    @Test
    void unknownVerbGetsASuggestion() {
        assertThat(millrace("rnu", "x.yaml")).isEqualTo(2);
        assertThat(err.toString()).startsWith("millrace: unknown verb \"rnu\", did you mean \"run\"?\n  allowed: run, ")
            .endsWith("  try: millrace --help\n");
    }

    @Test
    void unknownOptionGetsASuggestion() {
        assertThat(millrace("run", "--reprot", config)).isEqualTo(2);
        assertThat(err.toString()).contains("--reprot").contains("--report").endsWith("  try: millrace run --help\n");
    }

    @Test
    void unknownFormatNamesThoseThereAre() {
        assertThat(millrace("run", "--report", "xml", config)).isEqualTo(2);
        assertThat(err.toString()).startsWith("millrace: Invalid value for option '--report'")
            .containsIgnoringCase("[text, json]");
    }

    @Test
    void noVerbPrintsTheUsage() {
        assertThat(millrace()).isEqualTo(2);
        assertThat(err.toString()).startsWith("Usage: millrace ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "help", "-h"})
    void helpNamesEveryVerb(String arg) {
        assertThat(millrace(arg)).isZero();
        assertThat(out.toString()).contains("Usage: millrace ", "  run ", "  check ", "  version ", "Exit status:")
            .doesNotContain("\u001b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run --help", "help run"})
    void helpOfAVerbHasExamples(String args) {
        assertThat(millrace((Object[]) args.split(" "))).isZero();
        assertThat(out.toString()).contains("Usage: millrace run ", "Examples:",
            "millrace run examples/02-router.yaml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "--version"})
    void versionNamesMillraceAndJava(String arg) {
        assertThat(millrace(arg)).isZero();
        assertThat(out.toString()).startsWith("millrace ").contains("\nJava " + Runtime.version());
    }

    @Test
    void verbsOfOtherModulesAreFound() {
        assertThat(millrace("sample-verb")).isEqualTo(7);
        assertThat(out.toString()).isEqualTo("found\n");
    }
}
