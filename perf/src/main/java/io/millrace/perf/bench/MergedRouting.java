package io.millrace.perf.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Bulk TCP from end to end: segments of one connection are received, merged, routed, cut again and sent, beside the
/// same without merging, and beside testpmd which merges and cuts in its csum mode. In turn, medians over the rounds.
final class MergedRouting {

    /// A frame of 1,502 bytes.
    private static final int PAYLOAD_BYTES = 1_448;
    private static final int FRAMES = 512;
    private static final int SECONDS = 2;
    private static final List<String> PEER_COMMANDS = List.of("set port 0 gro on", "set gro flush 1",
        "csum set ip sw 0", "csum set tcp sw 0");

    /// @param mpps      million segments a second with merging
    /// @param plainMpps and without
    /// @param peerMpps  of testpmd, 0 where it was not asked for
    record Result(double mpps, double plainMpps, double peerMpps, double allocatedBytesPerPacket) {

        double gain()  { return mpps / plainMpps; }
        double ratio() { return mpps / peerMpps; }
    }

    static Result measure(int rounds, boolean hasPeer) throws IOException, InterruptedException {
        Path folder = BenchTraffic.folder();
        Path frames = folder.resolve("bulk.pcap");
        new GroTraffic(1, false, false, PAYLOAD_BYTES).write(frames, FRAMES);
        Path capture = BenchTraffic.adopt(frames, folder, BenchWorld.LAN_MAC);
        var merged = new Meter(BenchWorld.merging(capture, true)::turn);
        var plain = new Meter(BenchWorld.merging(capture, false)::turn);
        merged.warmUp();
        plain.warmUp();
        double[] mpps = new double[rounds];
        double[] plainMpps = new double[rounds];
        double[] peerMpps = new double[rounds];
        double allocated = 0;
        for (int round = 0; round < rounds; round++) {
            Meter.Reading reading = merged.measure(SECONDS);
            mpps[round] = reading.mpps();
            allocated = Math.max(allocated, reading.allocatedBytesPerPacket());
            plainMpps[round] = plain.measure(SECONDS).mpps();
            if (hasPeer) peerMpps[round] = Testpmd.mpps(Testpmd.pcapPort(capture), "csum", SECONDS, PEER_COMMANDS);
        }
        return new Result(Meter.median(mpps), Meter.median(plainMpps), Meter.median(peerMpps), allocated);
    }

    private MergedRouting() {}
}
