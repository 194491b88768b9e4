package io.millrace.perf.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.ObjectMapper;

import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/// `millrace bench switchdev`: flower filters, installed and looked up.
@Command(name = "switchdev", description = {"Install flower filters of 1 and of 16 mask shapes and hold packets"
    + " against them: filters a second, lookups a second.", "Every packet matches one filter; with 16 shapes that is"
    + " found after half of them on average."})
final class SwitchdevBench implements Callable<Integer> {

    private static final int RULES_MAX = 1_000_000;
    private static final int WINDOWS = 7;

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

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isJson;

    private record Row(int rules, int shapes, double installedPerSecond, double lookupMpps, double allocatedBytes) {}

    @Override
    public Integer call() {
        check("--rules", ruleCounts, RULES_MAX);
        check("--shapes", shapeCounts, Integer.SIZE);
        if (seconds < 1) throw new ParameterException(spec.commandLine(), "--seconds " + seconds + ": at least 1");
        var rows = new ArrayList<Row>();
        for (int shapes : shapeCounts) {
            for (int rules : ruleCounts) rows.add(measure(rules, shapes));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(isJson ? json(rows) : text(rows));
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
            double installedPerSecond = world.install();
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
            return new Row(rules, shapes, installedPerSecond, reading.mpps(), reading.allocatedBytesPerPacket());
        }
    }

    private static String text(List<Row> rows) {
        var text = new StringBuilder("filters  shapes  installed/s  lookups Mpps  bytes allocated/packet\n");
        for (Row row : rows) {
            text.append(String.format(Locale.ROOT, "%7d  %6d  %11.0f  %12.2f  %22.2f%n", row.rules(), row.shapes(),
                row.installedPerSecond(), row.lookupMpps(), row.allocatedBytes()));
        }
        return text.toString();
    }

    private static String json(List<Row> rows) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Row row : rows) {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("filters", row.rules());
            members.put("shapes", row.shapes());
            members.put("installedPerSecond", row.installedPerSecond());
            members.put("lookupMpps", row.lookupMpps());
            members.put("allocatedBytesPerPacket", row.allocatedBytes());
            all.add(members);
        }
        return new ObjectMapper().writeValueAsString(Map.of("filters", all)) + System.lineSeparator();
    }
}
