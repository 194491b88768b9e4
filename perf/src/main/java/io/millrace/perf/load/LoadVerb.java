package io.millrace.perf.load;

import io.millrace.control.config.ConfigFile;
import io.millrace.control.verb.ExitStatus;
import io.millrace.control.verb.Verb;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.nic.driver.gen.TrafficProfile;
import io.millrace.perf.profile.DurationOption;
import io.millrace.perf.profile.ProfileFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `millrace load CONFIG PROFILE`.
@Command(name = "load",
    description = {"Find what a configuration carries: every port's wire is replaced by a generator of the profile's "
        + "streams, and trials search for the highest rate without loss, and with a little.", "",
        "Rates are searched up to those in the profile. Generators, dataplane and receivers take turns on one thread, "
            + "so all numbers include the cost of generating. Counted are streams with stamp: true, and sessions."},
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:fine", "1:slower than 0.95 of the baseline", "2:wrong input", "3:a bug in Millrace"},
    footer = {"", "Examples:", "  millrace load examples/02-router.yaml examples/load/imix.yaml --html out/load.html",
        "  millrace load gateway.yaml profile.yaml --json new.json --baseline old.json",
        "  millrace load gateway.yaml profile.yaml --script change.txt --trial 5s"})
public final class LoadVerb implements Verb {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "CONFIG", description = "A configuration; its wires do not matter.")
    private Path configFile;

    @Parameters(index = "1", paramLabel = "PROFILE", description = "A traffic profile.")
    private Path profileFile;

    @Option(names = "--trial", paramLabel = "T", defaultValue = "1s",
        description = "How long a trial takes (default: ${DEFAULT-VALUE}).")
    private String trial;

    @Option(names = "--precision", paramLabel = "P", defaultValue = "0.01",
        description = "How far the bounds of a rate may lie apart, relative (default: ${DEFAULT-VALUE}).")
    private double precision;

    @Option(names = "--pdr-loss", paramLabel = "R", defaultValue = "0.005",
        description = "Loss ratio of the partial-drop rate (default: ${DEFAULT-VALUE}).")
    private double pdrLoss;

    @Option(names = "--ring", paramLabel = "N", defaultValue = "4096",
        description = "Packets that may wait at a port (default: ${DEFAULT-VALUE}).")
    private int ringSlots;

    @Option(names = "--soak", paramLabel = "T",
        description = "Then offer 90 %% of the no-drop rate so long instead of for one trial.")
    private Optional<String> soak = Optional.empty();

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result there.")
    private Optional<Path> json = Optional.empty();

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page with plots there.")
    private Optional<Path> html = Optional.empty();

    @Option(names = "--baseline", paramLabel = "FILE", description = "Compare with the JSON of an earlier run.")
    private Optional<Path> baseline = Optional.empty();

    @Option(names = "--search", paramLabel = "WAY", defaultValue = "mlr",
        description = "How rates are searched: mlr (short pilots first, trials bound every ratio) or binary "
            + "(default: ${DEFAULT-VALUE}).")
    private String search;

    @Option(names = "--script", paramLabel = "FILE",
        description = "Then give these control commands, one a line as for ctl, while packets flow, and report for how "
            + "long that blocked them.")
    private Optional<Path> script = Optional.empty();

    @Option(names = "--script-share", paramLabel = "S", defaultValue = "0.5",
        description = "Share of the no-drop rate that is offered meanwhile (default: ${DEFAULT-VALUE}).")
    private double scriptShare;

    @Override
    public Integer call() {
        check();
        ConfigFile config = ConfigFile.read(configFile);
        TrafficProfile profile = ProfileFile.read(profileFile);
        Optional<Baseline> old = baseline.map(Baseline::read);
        long trialNs = DurationOption.ns("--trial", trial);
        long soakNs = soak.map(text -> DurationOption.ns("--soak", text)).orElse(trialNs);
        var options = new LoadOptions(trialNs, precision, pdrLoss, soakNs,
            RateSearch.Method.valueOf(search.toUpperCase(Locale.ROOT)), ringSlots, script, scriptShare);
        PrintWriter out = spec.commandLine().getOut();
        LoadReport report;
        try (Arena arena = Arena.ofShared();
             var world = new LoadWorld(arena, config.config(), profile, ringSlots)) {
            var run = new LoadRun(configFile.toString(), profileFile.toString(), options,
                line -> progress(spec.commandLine().getErr(), line));
            report = run.run(world, config);
        } catch (ConfigException e) {
            throw e.problems().isEmpty() ? e : config.located(e);
        }
        out.print(PlainText.of(report));
        json.ifPresent(file -> write(file, JsonText.of(report)));
        html.ifPresent(file -> write(file, HtmlText.of(report)));
        boolean isSlower = old.isPresent() && printChanges(out, old.get().changes(report));
        out.flush();
        if (report.blocked().isPresent() && report.blocked().get().status() != ExitStatus.FINE) {
            throw new ConfigException(script.get() + ": " + report.blocked().get().said().strip());
        }
        return isSlower ? ExitStatus.WARNING : ExitStatus.FINE;
    }

    private void check() {
        if (!(precision >= 0.0001 && precision <= 0.5)) {
            throw new ConfigException("--precision is " + precision + "\n  allowed: 0.0001 to 0.5");
        }
        if (!(pdrLoss >= 0 && pdrLoss <= 0.5)) {
            throw new ConfigException("--pdr-loss is " + pdrLoss + "\n  allowed: 0 to 0.5");
        }
        if (!(scriptShare > 0 && scriptShare <= 1)) {
            throw new ConfigException("--script-share is " + scriptShare + "\n  allowed: above 0, to 1");
        }
        if (Arrays.stream(RateSearch.Method.values()).noneMatch(each -> each.name().toLowerCase(Locale.ROOT)
            .equals(search))) {
            throw new ConfigException("--search is \"" + search + "\"\n  allowed: mlr, binary");
        }
        if (script.isPresent() && !Files.isReadable(script.get())) {
            throw new ConfigException("--script " + script.get() + " cannot be read");
        }
        if (ringSlots < 64 || ringSlots > 1 << 20) {
            throw new ConfigException("--ring is " + ringSlots + "\n  allowed: 64 to 1048576");
        }
    }

    private static void progress(PrintWriter err, String line) {
        err.println(line);
        err.flush();
    }

    private static boolean printChanges(PrintWriter out, List<Baseline.Change> changes) {
        out.println();
        changes.forEach(change -> out.println(change.text()));
        return changes.stream().anyMatch(Baseline.Change::isWorse);
    }

    private static void write(Path file, String text) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) Files.createDirectories(folder);
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }
}
