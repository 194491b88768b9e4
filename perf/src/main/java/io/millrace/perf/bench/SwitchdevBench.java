package io.millrace.perf.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/// `millrace bench switchdev`: flower filters, installed and looked up; a flood dropped; changes of a NIC's mode under
/// full load.
@Command(name = "switchdev", description = {"Install flower filters of 1 and of 16 mask shapes and hold packets"
    + " against them: filters a second, in software and in a NIC, and lookups a second.", "Every packet matches one filter; with 16 shapes that is"
    + " found after half of them on average.", "Drop a flood in the NIC and in software.", "Change the mode of a NIC under full load: how long traffic is"
    + " blocked."})
final class SwitchdevBench implements Callable<Integer> {

    private static final int RULES_MAX = 1_000_000;
    private static final int WINDOWS = 7;
    private static final int FLOWS_MAX = 30_000;
    private static final int CHANGES_MAX = 10_000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--rules", paramLabel = "N", split = ",", defaultValue = "10,100,1000,10000,100000",
        description = "Numbers of filters (default: ${DEFAULT-VALUE}).")
    private List<Integer> ruleCounts;

    @Option(names = "--shapes", paramLabel = "N", split = ",", defaultValue = "1,16",
        description = "Numbers of mask shapes, 1 to 32 (default: ${DEFAULT-VALUE}).")
    private List<Integer> shapeCounts;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "1",
        description = "How long each measurement takes (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--flows", paramLabel = "N", defaultValue = "2000",
        description = "Flows in hardware when the mode changes (default: ${DEFAULT-VALUE}).")
    private int flows;

    @Option(names = "--changes", paramLabel = "N", defaultValue = "50",
        description = "Changes of mode to and fro; 0 leaves them out (default: ${DEFAULT-VALUE}).")
    private int changes;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isJson;

    private record Row(int rules, int shapes, double softwarePerSecond, double hardwarePerSecond, double lookupMpps,
                       double allocatedBytes) {}

    @Override
    public Integer call() throws IOException {
        check("--rules", ruleCounts, RULES_MAX);
        check("--shapes", shapeCounts, Integer.SIZE);
        check("--flows", List.of(flows), FLOWS_MAX);
        if (changes != 0) check("--changes", List.of(changes), CHANGES_MAX);
        if (seconds < 1) throw new ParameterException(spec.commandLine(), "--seconds " + seconds + ": at least 1");
        var rows = new ArrayList<Row>();
        for (int shapes : shapeCounts) {
            for (int rules : ruleCounts) rows.add(measure(rules, shapes));
        }
        List<FloodRun> floods = FloodRun.both(seconds, true);
        List<ModeChangeRun> modes = changes == 0 ? List.of() : List.of(
            ModeChangeRun.of(true, flows, changes, seconds, true),
            ModeChangeRun.of(false, flows, changes, seconds, true));
        PrintWriter out = spec.commandLine().getOut();
        out.print(isJson ? json(rows, floods, modes) : text(rows, floods, modes));
        out.flush();
        return 0;
    }

    private void check(String option, List<Integer> values, int max) {
        for (int value : values) {
            if (value < 1 || value > max) {
                throw new ParameterException(spec.commandLine(), option + " " + value + ": allowed are 1 to " + max);
            }
        }
    }

    private Row measure(int rules, int shapes) {
        try (Arena arena = Arena.ofConfined()) {
            new FilterWorld(arena, rules, shapes).install();   // so that no cold code is measured
            var world = new FilterWorld(arena, rules, shapes);
            double softwarePerSecond = world.install();
            double hardwarePerSecond = inHardware(arena, rules, shapes);
            long[] turned = new long[1];
            var meter = new Meter(() -> {
                int packetCount = world.turn();
                turned[0] += packetCount;
                return packetCount;
            });
            meter.warmUp();
            Meter.Reading reading = meter.medianOfWindows(WINDOWS, (double) seconds / WINDOWS);
            if (world.matchedCount() != turned[0]) {
                throw new IllegalStateException("packets matched: " + world.matchedCount() + " of " + turned[0]);
            }
            return new Row(rules, shapes, softwarePerSecond, hardwarePerSecond, reading.mpps(), reading.allocatedBytesPerPacket());
        }
    }

    private static double inHardware(Arena arena, int rules, int shapes) {
        var device = new FilterDevice(arena);
        double perSecond = new FilterWorld(arena, rules, shapes, device.filters()).install();
        if (device.filterCount() != rules) throw new IllegalStateException("filters in hardware: "
            + device.filterCount() + " of " + rules);
        return perSecond;
    }

    private static String text(List<Row> rows, List<FloodRun> floods, List<ModeChangeRun> modes) {
        var text = new StringBuilder(
            "filters  shapes  installed/s  in hardware/s  lookups Mpps  bytes allocated/packet\n");
        for (Row row : rows) {
            text.append(String.format(Locale.ROOT, "%7d  %6d  %11.0f  %13.0f  %12.2f  %22.2f%n", row.rules(),
                row.shapes(), row.softwarePerSecond(), row.hardwarePerSecond(), row.lookupMpps(), row.allocatedBytes()));
        }
        text.append('\n').append(FloodRun.text(floods));
        for (ModeChangeRun each : modes) text.append('\n').append(each.text());
        return text.toString();
    }

    private static String json(List<Row> rows, List<FloodRun> floods, List<ModeChangeRun> modes) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Row row : rows) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("filters", row.rules());
            one.put("shapes", row.shapes());
            one.put("installedPerSecond", row.softwarePerSecond());
            one.put("installedInHardwarePerSecond", row.hardwarePerSecond());
            one.put("lookupMpps", row.lookupMpps());
            one.put("allocatedBytesPerPacket", row.allocatedBytes());
            all.add(one);
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("filters", all);
        members.put("floods", floods.stream().map(FloodRun::members).toList());
        members.put("modeChanges", modes.stream().map(ModeChangeRun::members).toList());
        return new ObjectMapper().writeValueAsString(members) + System.lineSeparator();
    }
}
