package io.millrace.perf.load;

import io.millrace.nic.driver.gen.GenPort;
import io.millrace.nic.driver.gen.receive.StreamReceipt;
import io.millrace.nic.driver.gen.stream.StreamSource;
import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.LongToIntFunction;

/// Runs trials: starts the generators at a share of their rates, turns the device under test until the time is over
/// and what is on its way has arrived, and compares what was sent with what came.
///
/// Generators, device and receivers take turns on the calling thread. The clock is handed in, so that a test decides
/// how time passes.
public final class TrialRunner {

    /// After the last packet: enough for a full ring and for packets waiting in a device.
    private static final long SETTLE_NS = 20_000_000;
    private static final long IDLE_NS_MAX = 60_000_000_000L;
    private static final long POINT_NS = 100_000_000;

    private final List<GenPort> ports;
    private final LongToIntFunction turn;
    private final LongSupplier clock;
    private final double fullPps;
    private final Histogram hiccups = new Histogram(1, IDLE_NS_MAX, 3);
    private final List<TimePoint> timeLine = new ArrayList<>();
    private long busyNs;
    private long busyPackets;

    /// @param turn  one turn of the device at a time; returns the packets it received
    /// @param clock nanoseconds
    public TrialRunner(List<GenPort> ports, LongToIntFunction turn, LongSupplier clock) {
        this.ports = List.copyOf(ports);
        this.turn = turn;
        this.clock = clock;
        this.fullPps = ports.stream().flatMap(port -> port.sources().stream())
            .mapToDouble(source -> source.spec().rate().packetsPerSecond(source.spec().sizes())).sum();
    }

    /// Packets a second of the profile's own rates.
    public double fullPps() {
        return fullPps;
    }

    public TrialResult run(double share, long durationNs) {
        for (GenPort port : ports) port.receiver().reset();
        long sentBefore = sent();
        long startNs = clock.getAsLong();
        for (GenPort port : ports) port.start(startNs, share, durationNs);
        settle(turns(startNs, startNs + durationNs));
        for (GenPort port : ports) port.stop();
        long sent = sent() - sentBefore;
        return new TrialResult(share, share * fullPps, sent, sent - arrived(), durationNs / 1e9);
    }

    private long turns(long startNs, long untilNs) {
        long lastNs = startNs;
        long nextPointNs = startNs + POINT_NS;
        long pointReceived = 0;
        boolean wasIdle = false;
        while (true) {
            long nowNs = clock.getAsLong();
            long gapNs = nowNs - lastNs;
            if (wasIdle) hiccups.recordValue(Math.clamp(gapNs, 0, IDLE_NS_MAX));
            else busyNs += gapNs;
            lastNs = nowNs;
            if (nowNs >= nextPointNs) {
                long received = arrived();
                timeLine.add(new TimePoint(nowNs, (received - pointReceived) * 1e9 / (nowNs - nextPointNs + POINT_NS)));
                pointReceived = received;
                nextPointNs = nowNs + POINT_NS;
            }
            if (nowNs >= untilNs) return nowNs;
            int count = turn.applyAsInt(nowNs);
            wasIdle = count == 0;
            busyPackets += count;
        }
    }

    private void settle(long endNs) {
        long nowNs = endNs;
        while (nowNs < endNs + SETTLE_NS) {
            nowNs = clock.getAsLong();
            turn.applyAsInt(nowNs);
        }
    }

    private long sent() {
        long sum = 0;
        for (GenPort port : ports) {
            for (StreamSource source : port.sources()) {
                if (source.spec().isStamped()) sum += source.sentCount();
            }
        }
        return sum;
    }

    private long arrived() {
        long sum = 0;
        for (GenPort port : ports) {
            for (int i = 0; i < port.receiver().streamCount(); i++) sum += port.receiver().stream(i).arrivedCount();
        }
        return sum;
    }

    /// Latencies of the last trial, all streams together.
    public Histogram latency() {
        var sum = new Histogram(1, IDLE_NS_MAX, 3);
        for (GenPort port : ports) {
            for (int i = 0; i < port.receiver().streamCount(); i++) {
                StreamReceipt receipt = port.receiver().stream(i);
                sum.add(receipt.latency());
            }
        }
        return sum;
    }

    /// Gaps between two looks at the clock with nothing to do between: what the machine itself does to latency.
    public Histogram hiccups()            { return hiccups; }
    /// Packets a second received, every tenth of a second of every trial.
    public List<TimePoint> timeLine()     { return List.copyOf(timeLine); }

    /// Nanoseconds of busy turns for each packet since this was asked last; `NaN` without a packet.
    double busyNsPerPacket() {
        double result = busyPackets == 0 ? Double.NaN : (double) busyNs / busyPackets;
        busyNs = 0;
        busyPackets = 0;
        return result;
    }

    /// @param receivedPps in the tenth of a second that ended at `timeNs`
    public record TimePoint(long timeNs, double receivedPps) {}
}
