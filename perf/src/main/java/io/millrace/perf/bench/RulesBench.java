package io.millrace.perf.bench;

import io.millrace.dataplane.config.SysctlConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// `millrace bench rules`: what a forward chain costs a packet that passes it all, by the number of its rules, and with
/// as many addresses in one set or verdict map. In every round each is measured in turn.
///
/// Expected: rules cost a fixed time each; a set and a map are a lookup, whatever their size, until they leave the
/// cache.
@Command(name = "rules", description = {
    "Hold packets against rulesets of 10 to 10,000 rules, and against sets and verdict maps of as many elements.", "",
    "No rule matches, so every packet passes all of them. The difference to a chain without rules is their cost."})
final class RulesBench implements Callable<Integer> {

    private static final int FLOWS = 4_000;
    private static final int[] SIZES = {10, 100, 1_000, 10_000};

    @Spec
    private CommandSpec spec;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5",
        description = "How many times each is measured (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "1",
        description = "How long each measurement takes (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isJson;

    /// How a ruleset says which addresses it drops.
    enum Kind {
        RULES, SET, MAP;

        /// A forward chain that drops packets of these many sources, none of which is in the traffic.
        String ruleset(int size) {
            var text = new StringBuilder("table ip bench {\n");
            if (this == SET) {
                text.append("  set sources { type ipv4_addr; elements = { ").append(addresses(size, ""))
                    .append(" } }\n");
            } else if (this == MAP) {
                text.append("  map sources { type ipv4_addr : verdict; elements = { ")
                    .append(addresses(size, " : drop")).append(" } }\n");
            }
            text.append("  chain forward {\n    type filter hook forward priority filter; policy accept;\n");
            switch (this) {
                case RULES -> {
                    for (int i = 0; i < size; i++) text.append("    ip saddr ").append(address(i)).append(" drop\n");
                }
                case SET -> text.append("    ip saddr @sources drop\n");
                case MAP -> text.append("    ip saddr vmap @sources\n");
            }
            return text.append("  }\n}\n").toString();
        }

        private static String addresses(int size, String suffix) {
            var text = new StringBuilder();
            for (int i = 0; i < size; i++) text.append(i == 0 ? "" : ", ").append(address(i)).append(suffix);
            return text.toString();
        }

        private static String address(int number) {
            return "10." + (number >>> 16) + "." + (number >>> 8 & 0xff) + "." + (number & 0xff);
        }
    }

    @Override
    public Integer call() throws Exception {
        if (rounds < 1 || seconds < 1) {
            throw new ParameterException(spec.commandLine(), "rounds and seconds are at least 1");
        }
        Meter.pin();
        RulesResult result = measure();
        PrintWriter out = spec.commandLine().getOut();
        out.print(isJson
            ? new ObjectMapper().writeValueAsString(result.members()) + System.lineSeparator() : result.text());
        out.flush();
        return 0;
    }

    private RulesResult measure() throws IOException {
        Path folder = BenchTraffic.folder();
        Path capture = BenchTraffic.generate(folder, FLOWS, BenchWorld.LAN_MAC);
        List<Meter> meters = new ArrayList<>();
        meters.add(meter(capture, Kind.RULES.ruleset(0)));
        for (Kind kind : Kind.values()) {
            for (int size : SIZES) meters.add(meter(capture, kind.ruleset(size)));
        }
        meters.forEach(Meter::warmUp);
        double[][] ns = new double[meters.size()][rounds];
        double allocated = 0;
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < meters.size(); i++) {
                Meter.Reading reading = meters.get(i).measure(seconds);
                ns[i][round] = 1000 / reading.mpps();
                allocated = Math.max(allocated, reading.allocatedBytesPerPacket());
            }
        }
        double emptyNs = Meter.median(ns[0]);
        List<RulesResult.Case> cases = new ArrayList<>();
        int at = 1;
        for (Kind kind : Kind.values()) {
            for (int size : SIZES) cases.add(new RulesResult.Case(kind, size, Meter.median(ns[at++]) - emptyNs));
        }
        return new RulesResult(emptyNs, cases, allocated, rounds);
    }

    private static Meter meter(Path capture, String ruleset) throws IOException {
        return new Meter(BenchWorld.rules(capture, ruleset, SysctlConfig.LINUX)::turn);
    }
}
