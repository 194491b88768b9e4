package io.millrace.perf.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// `millrace bench gso`: how many segments a second one core cuts off super-packets of 64 KB that lie in slots as
/// merging leaves them, for a device that fills in checksums and for one that does not.
///
/// Expected: a segment is two cache lines of metadata and two of headers written, some 25 ns; with its sum computed
/// here 1,448 bytes read beside, 15 to 20 ns more.
@Command(name = "gso", description = "Cut super-packets of 64 KB into segments of 1,448 bytes, in memory.")
public final class GsoBench implements Callable<Integer> {

    private static final int WINDOWS = 100;
    private static final double WINDOW_SECONDS = 2e-3;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RoundOptions options;

    @Override
    public Integer call() {
        GsoResult result = run(options.rounds());
        return options.print(spec, result.members(), result.text());
    }

    /// Measures both cases in turn.
    static GsoResult run(int rounds) {
        List<String> names = List.of("device", "software");
        List<Meter> meters = List.of(new Meter(new GsoTraffic(true)::cutNext),
            new Meter(new GsoTraffic(false)::cutNext));
        meters.forEach(Meter::warmUp);
        double[][] mpps = new double[names.size()][rounds];
        double[] allocated = new double[names.size()];
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < names.size(); i++) {
                Meter.Reading reading = meters.get(i).medianOfWindows(WINDOWS, WINDOW_SECONDS);
                mpps[i][round] = reading.mpps();
                allocated[i] = Math.max(allocated[i], reading.allocatedBytesPerPacket());
            }
        }
        List<GsoResult.Case> cases = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            cases.add(new GsoResult.Case(names.get(i), Meter.median(mpps[i]), allocated[i]));
        }
        return new GsoResult(cases, rounds);
    }
}
