package io.millrace.perf.bench;

import java.io.IOException;
import java.nio.file.Path;

/// Measures one way of forwarding in rounds: in each round Millrace, its bare receive and transmit, and, if asked for,
/// the peer and its bare receive and transmit. Medians over the rounds.
final class ForwardingBench {

    /// Peers by the benchmark's name: what testpmd does that comes nearest.
    private static final String PEER_IO = "io";
    private static final String PEER_ROUTE = "macswap";

    private final String name;
    private final BenchOptions options;
    private final boolean hasPeer;

    ForwardingBench(String name, BenchOptions options) throws IOException {
        this.name = name;
        this.options = options;
        this.hasPeer = Testpmd.isWanted(options.peer);
    }

    BenchResult run() throws IOException, InterruptedException {
        Meter.pin();
        Path folder = BenchTraffic.folder();
        Path capture = options.capture.isPresent()
            ? BenchTraffic.adopt(options.capture.get(), folder, BenchWorld.LAN_MAC)
            : BenchTraffic.generate(folder, options.flowCount, BenchWorld.LAN_MAC);
        boolean isIo = name.equals("io");
        var ioMeter = new Meter(BenchWorld.io(capture)::turn);
        Meter meter = isIo ? ioMeter : new Meter(BenchWorld.route(capture)::turn);
        ioMeter.warmUp();
        meter.warmUp();
        double[] own = new double[options.rounds];
        double[] io = new double[options.rounds];
        double[] peer = new double[options.rounds];
        double[] peerIo = new double[options.rounds];
        double allocated = 0;
        for (int round = 0; round < options.rounds; round++) {
            Meter.Reading reading = meter.measure(options.seconds);
            own[round] = reading.mpps();
            allocated = Math.max(allocated, reading.allocatedBytesPerPacket());
            io[round] = isIo ? reading.mpps() : ioMeter.measure(options.seconds).mpps();
            if (!hasPeer) continue;
            peerIo[round] = peerIo(capture);
            peer[round] = isIo ? peerIo[round] : Testpmd.mpps(Testpmd.pcapPort(capture), PEER_ROUTE, options.seconds);
        }
        return new BenchResult(name, Meter.median(own), allocated, Meter.median(io), hasPeer ? peerName(isIo) : null,
            Meter.median(peer), Meter.median(peerIo), options.rounds);
    }

    /// testpmd has two in-memory ports; the faster is its receive and transmit.
    private double peerIo(Path capture) throws IOException, InterruptedException {
        double pcap = Testpmd.mpps(Testpmd.pcapPort(capture), PEER_IO, options.seconds);
        if (options.capture.isPresent()) return pcap;   // the null port has 64-byte packets only
        return Math.max(pcap, Testpmd.mpps(Testpmd.nullPort(), PEER_IO, options.seconds));
    }

    private static String peerName(boolean isIo) {
        return "testpmd " + (isIo ? PEER_IO : PEER_ROUTE);
    }
}
