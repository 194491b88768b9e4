package io.millrace.perf.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
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
    private static final int FLOWS_MAX = 30_000;
    private static final int FILTERS_MAX = 40_000;
    private static final double WARM_SECONDS = 0.2;
    private static final int CHANGES_MAX = 10_000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--rules", paramLabel = "N", split = ",", defaultValue = "10,100,1000,10000,100000",
        description = "Numbers of filters (default: ${DEFAULT-VALUE}).")
    private List<Integer> ruleCounts;

    @Option(names = "--shapes", paramLabel = "N", split = ",", defaultValue = "1,16",
        description = "Numbers of mask shapes, 1 to 32 (default: ${DEFAULT-VALUE}).")
    private List<Integer> shapeCounts;

    @Option(names = "--flows", paramLabel = "N", defaultValue = "4096",
        description = "Flows in hardware when the mode changes (default: ${DEFAULT-VALUE}).")
    private int flows;

    @Option(names = "--filters", paramLabel = "N", defaultValue = "1000",
        description = "Filters in hardware when the mode changes (default: ${DEFAULT-VALUE}).")
    private int filters;

    @Option(names = "--changes", paramLabel = "N", defaultValue = "20",
        description = "Changes of mode to and fro; 0 leaves them out (default: ${DEFAULT-VALUE}).")
    private int changes;

    @Mixin
    private TimedRoundOptions options;

    private record Row(int rules, int shapes, double softwarePerSecond, double hardwarePerSecond, double lookupMpps,
                       double allocatedBytes) {}

    @Override
    public Integer call() throws IOException {
        for (int rules : ruleCounts) TimedRoundOptions.check("--rules", rules, 1, RULES_MAX);
        for (int shapes : shapeCounts) TimedRoundOptions.check("--shapes", shapes, 1, Integer.SIZE);
        TimedRoundOptions.check("--flows", flows, 1, FLOWS_MAX);
        TimedRoundOptions.check("--filters", filters, 0, FILTERS_MAX);
        TimedRoundOptions.check("--changes", changes, 0, CHANGES_MAX);
        double seconds = options.seconds();
        int rounds = options.rounds();
        Meter.pin();
        var rows = new ArrayList<Row>();
        for (int shapes : shapeCounts) {
            for (int rules : ruleCounts) rows.add(measure(rules, shapes, rounds, seconds));
        }
        List<FloodRun> floods = FloodRun.both(seconds, true);
        List<ModeChangeRun> modes = changes == 0 ? List.of() : List.of(
            ModeChangeRun.of(true, flows, filters, changes, seconds, true),
            ModeChangeRun.of(false, flows, filters, changes, seconds, true));
        return options.print(spec, members(rows, floods, modes), text(rows, floods, modes));
    }

    private Row measure(int rules, int shapes, int rounds, double seconds) {
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
            if (rules == ruleCounts.getFirst()) meter.warmUp();
            else meter.measure(WARM_SECONDS);   // for the caches; the code is the same
            Meter.Reading reading = meter.medianOfWindows(rounds, seconds / rounds);
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

    private static Map<String, Object> members(List<Row> rows, List<FloodRun> floods, List<ModeChangeRun> modes) {
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
        return members;
    }
}
