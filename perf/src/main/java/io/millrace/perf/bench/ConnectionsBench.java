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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/// `millrace bench connections`: how many new UDP connections a second the slow path tracks, holds against ten rules
/// and masquerades. Every packet is the first of its connection; the table has twice the room, was filled and emptied
/// once before, and is emptied again between two rounds, by virtual time, which is not measured.
@Command(name = "connections",
    description = "Track, filter and masquerade new UDP connections: a table of twice as many, ten rules.")
final class ConnectionsBench implements Callable<Integer> {

    static final String RULESET = """
        table ip gateway {
          set blocked { type ipv4_addr; elements = { 10.0.0.1, 10.0.0.2, 10.0.0.3 } }
          chain forward {
            type filter hook forward priority filter; policy drop;
            ct state established,related accept
            ct state invalid drop
            ip saddr @blocked drop
            tcp dport { 25, 445 } drop
            ip ttl < 2 drop
            meta length > 9000 drop
            udp dport 1900 drop
            iifname "wan" drop
            iifname "lan" oifname "wan" accept
          }
          chain postrouting {
            type nat hook postrouting priority srcnat; policy accept;
            oifname "wan" masquerade
          }
        }
        """;
    private static final int CONNECTIONS_MAX = 4_000_000;
    private static final long TURN_NS = 50_000;
    /// An unanswered UDP connection is over after 30 s.
    static final long OVER_NS = 60_000_000_000L;

    @Spec
    private CommandSpec spec;

    @Option(names = "--count", paramLabel = "N", defaultValue = "1000000",
        description = "New connections in a round (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5",
        description = "How many times it is measured (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isJson;

    private long nowNs = 1;

    @Override
    public Integer call() throws Exception {
        if (count < 1 || count > CONNECTIONS_MAX || rounds < 1) {
            throw new ParameterException(spec.commandLine(),
                "allowed are 1 to " + CONNECTIONS_MAX + " connections and at least one round");
        }
        Meter.pin();
        Map<String, Object> members = measure();
        PrintWriter out = spec.commandLine().getOut();
        out.print(isJson ? new ObjectMapper().writeValueAsString(members) + System.lineSeparator() : text(members));
        out.flush();
        return 0;
    }

    private Map<String, Object> measure() throws IOException {
        Path capture = BenchTraffic.generate(BenchTraffic.folder(), count, BenchWorld.LAN_MAC);
        SysctlConfig sysctl = SysctlConfig.LINUX.written("net.netfilter.nf_conntrack_max", 2L * count, List.of());
        BenchWorld world = BenchWorld.rules(capture, RULESET, sysctl);
        fill(world);
        empty(world);
        double[] perSecond = new double[rounds];
        int tracked = count;
        for (int round = 0; round < rounds; round++) {
            long startNs = System.nanoTime();
            fill(world);
            perSecond[round] = count * 1e9 / (System.nanoTime() - startNs);
            tracked = Math.min(tracked, world.connectionCount());
            empty(world);
        }
        var members = new LinkedHashMap<String, Object>();
        members.put("bench", "connections");
        members.put("connectionsPerSecond", Math.round(Meter.median(perSecond)));
        members.put("slowestRound", Math.round(Arrays.stream(perSecond).min().orElseThrow()));
        members.put("tracked", tracked);
        members.put("shareSent", world.shareSent());
        members.put("rounds", rounds);
        return members;
    }

    /// Every packet of the capture once: each is a new connection.
    private void fill(BenchWorld world) {
        for (int received = 0; received < count; nowNs += TURN_NS) received += world.turn(nowNs);
    }

    private void empty(BenchWorld world) {
        nowNs += OVER_NS;
        world.endConnections(nowNs);
    }

    private static String text(Map<String, Object> members) {
        return String.format(Locale.ROOT, "%-28s %,12d a second, %,d in the slowest round%n%-28s %,12d%n",
            "new UDP connections", members.get("connectionsPerSecond"), members.get("slowestRound"),
            "tracked at the end of each", members.get("tracked"));
    }
}
