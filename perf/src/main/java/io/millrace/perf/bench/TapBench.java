package io.millrace.perf.bench;

import io.millrace.dataplane.config.ConfigException;
import io.millrace.perf.host.Crossing;
import io.millrace.perf.host.Measures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/// `millrace bench tap`: how much two hosts of the kernel get through Millrace on two TAP devices, beside a C loop that
/// moves frames between two such devices and knows nothing of them, and beside Linux routing between veth pairs. All
/// three stand ready at once; in every round each is measured in turn.
///
/// Expected: 64-byte frames cost the kernel a microsecond or more in `read` and `write`, beside which routing (60 ns)
/// is little; so close to the loop. A super-packet of 64 KB costs two copies of it, by either.
@Command(name = "tap", description = "Forward between two hosts of the kernel on TAP devices, beside a C loop and "
    + "beside Linux; needs root, iproute2, iperf3, ping and cc.")
final class TapBench implements Callable<Integer> {

    private static final int ECHO_COUNT = 20_000;
    private static final int WARM_UP_SECONDS = 3;

    @Spec
    private CommandSpec spec;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5",
        description = "How many times each is measured (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "3",
        description = "How long each measurement takes (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isJson;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (rounds < 1) throw new ConfigException("--rounds must be 1 or more, got " + rounds);
        if (seconds < 1) throw new ConfigException("--seconds must be 1 or more, got " + seconds);
        TapResult result;
        try {
            result = run(rounds, seconds);
        } catch (IOException e) {
            throw new ConfigException("cannot measure: " + e.getMessage());
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(isJson ? new ObjectMapper().writeValueAsString(result.members()) + System.lineSeparator()
            : result.text());
        out.flush();
        return 0;
    }

    static TapResult run(int rounds, int seconds) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("millrace-tap");
        try (CProgram peer = CProgram.compile("tap-peer.c", List.of(), "gcc libc6-dev");
             Crossing millrace = Crossing.throughMillrace(folder);
             Crossing loop = Crossing.throughProgram(folder, peer.path().toString(), "loop");
             Crossing linux = Crossing.throughLinux()) {
            var readings = new LinkedHashMap<String, Readings>();
            readings.put("Millrace", new Readings(new Measures(millrace, folder, peer.path()), rounds));
            readings.put("loop", new Readings(new Measures(loop, folder, peer.path()), rounds));
            readings.put("Linux", new Readings(new Measures(linux, folder, peer.path()), rounds));
            readings.get("Millrace").warmUp();
            for (int round = 0; round < rounds; round++) {
                for (Readings each : readings.values()) each.take(round, seconds);
            }
            List<TapResult.Way> ways = new ArrayList<>();
            for (Map.Entry<String, Readings> each : readings.entrySet()) ways.add(each.getValue().way(each.getKey()));
            return new TapResult(ways, rounds);
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) Files.delete(file);
            }
            Files.delete(folder);
        }
    }

    /// What was read on one way, round by round.
    private static final class Readings {

        private final Measures measures;
        private final double[] tcpGsoGbps;
        private final double[] tcpGbps;
        private final double[] udpMpps;
        private final double[] medianNs;
        private final double[] p99Ns;
        private final double[] p999Ns;

        Readings(Measures measures, int rounds) {
            this.measures = measures;
            this.tcpGsoGbps = new double[rounds];
            this.tcpGbps = new double[rounds];
            this.udpMpps = new double[rounds];
            this.medianNs = new double[rounds];
            this.p99Ns = new double[rounds];
            this.p999Ns = new double[rounds];
        }

        /// Until everything that is to be measured has been compiled.
        void warmUp() throws IOException, InterruptedException {
            measures.udpMpps(WARM_UP_SECONDS);
            measures.tcpGbps(WARM_UP_SECONDS, true);
            measures.tcpGbps(WARM_UP_SECONDS, false);
        }

        void take(int round, int seconds) throws IOException, InterruptedException {
            tcpGsoGbps[round] = measures.tcpGbps(seconds, true);
            tcpGbps[round] = measures.tcpGbps(seconds, false);
            udpMpps[round] = measures.udpMpps(seconds);
            long[] sortedNs = measures.echoNs(ECHO_COUNT);
            if (sortedNs.length == 0) throw new IOException("no datagram came back");
            medianNs[round] = share(sortedNs, 0.5);
            p99Ns[round] = share(sortedNs, 0.99);
            p999Ns[round] = share(sortedNs, 0.999);
        }

        private static double share(long[] sorted, double share) {
            return sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))];
        }

        TapResult.Way way(String name) {
            return new TapResult.Way(name, Meter.median(tcpGsoGbps), Meter.median(tcpGbps), Meter.median(udpMpps),
                Meter.median(medianNs), Meter.median(p99Ns), Meter.median(p999Ns));
        }
    }
}
