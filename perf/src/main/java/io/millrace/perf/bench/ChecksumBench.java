package io.millrace.perf.bench;

import io.millrace.checksum.InternetChecksum;
import io.millrace.dataplane.config.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `millrace bench checksum`: how fast bytes are summed, length by length, and what an incremental update costs. In
/// every round Millrace and the peer are measured in turn, length by length; medians over the rounds, and in each over
/// windows of time that are short beside what a scheduler gives, so that other programs do not count.
///
/// Expected of a core with 512-bit vectors: some 2.5 ns up to 64 bytes, where nobody is faster than reading and
/// folding; 60 to 130 GB/s from 1,460 bytes on, where loads are the limit.
@Command(name = "checksum", description = "Sum bytes, beside DPDK's rte_raw_cksum where a C compiler and libdpdk are.")
public final class ChecksumBench implements Callable<Integer> {

    private static final int[] LENGTHS = {20, 26, 64, 256, 1460, 9000, 65000};
    private static final double WARM_UP_SECONDS = 1;
    private static final int WINDOWS = 100;
    private static final int WINDOW_MICROSECONDS = 1_000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--vs", paramLabel = "PEER", description = "Fail without this peer: dpdk. Without the option it is "
        + "measured if it can be compiled.")
    private Optional<String> wantedPeer = Optional.empty();

    @Mixin
    private RoundOptions options;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (wantedPeer.isPresent() && !wantedPeer.get().equals("dpdk")) {
            throw new ConfigException("no peer \"" + wantedPeer.get() + "\"; allowed: dpdk");
        }
        int rounds = options.rounds();
        ChecksumResult result;
        try (RawChecksumPeer peer = peer()) {
            result = run(peer, rounds);
        }
        return options.print(spec, result.members(), result.text());
    }

    /// The peer, or null where there is none and none was asked for.
    private RawChecksumPeer peer() throws IOException, InterruptedException {
        try {
            return RawChecksumPeer.compile();
        } catch (IOException e) {
            if (wantedPeer.isPresent()) throw new ConfigException("no peer: " + e.getMessage());
            spec.commandLine().getErr().println("millrace: no peer: " + e.getMessage().lines().findFirst().orElse(""));
            return null;
        }
    }

    /// Measures; `peer` may be null.
    static ChecksumResult run(RawChecksumPeer peer, int rounds) throws IOException, InterruptedException {
        var traffic = new ChecksumTraffic();
        var sums = new Meter(traffic::sumAll);
        for (int length : LENGTHS) {
            traffic.packetsOf(length);
            sums.measure(WARM_UP_SECONDS);
        }
        double[][] own = new double[LENGTHS.length][rounds];
        double[][] peers = new double[LENGTHS.length][rounds];
        double[] allocated = new double[LENGTHS.length];
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < LENGTHS.length; i++) {
                traffic.packetsOf(LENGTHS[i]);
                Meter.Reading reading = sums.medianOfWindows(WINDOWS, WINDOW_MICROSECONDS / 1e6);
                own[i][round] = 1000 / reading.mpps();
                allocated[i] = Math.max(allocated[i], reading.allocatedBytesPerPacket());
                if (peer != null) {
                    peers[i][round] = peer.nsPerPacket(LENGTHS[i], traffic, WINDOWS, WINDOW_MICROSECONDS);
                }
            }
        }
        List<ChecksumResult.Size> sizes = new ArrayList<>();
        for (int i = 0; i < LENGTHS.length; i++) {
            double peerNs = peer == null ? Double.NaN : Meter.median(peers[i]);
            sizes.add(new ChecksumResult.Size(LENGTHS[i], Meter.median(own[i]), allocated[i], peerNs));
        }
        return new ChecksumResult(sizes, incrementalNs(traffic, rounds), InternetChecksum.hasVectors(),
            peer == null ? null : RawChecksumPeer.NAME, rounds);
    }

    private static double incrementalNs(ChecksumTraffic traffic, int rounds) {
        traffic.packetsOf(LENGTHS[0]);
        var updates = new Meter(traffic::lowerTtls);
        updates.measure(WARM_UP_SECONDS);
        double[] ns = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            ns[round] = 1000 / updates.medianOfWindows(WINDOWS, WINDOW_MICROSECONDS / 1e6).mpps();
        }
        return Meter.median(ns);
    }
}
