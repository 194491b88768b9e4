package io.millrace.perf.load;

import io.millrace.nic.driver.gen.GenPort;
import io.millrace.nic.driver.gen.session.SessionEnd;
import io.millrace.nic.driver.gen.stream.PacketSource;
import io.millrace.nic.driver.gen.stream.StreamSource;
import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.LongToIntFunction;
import java.util.function.Supplier;

/// Runs trials: starts the generators at a share of their rates, turns the device under test until the time is over
/// and what is on its way has arrived, and compares what was sent with what came.
///
/// Generators, device and receivers take turns on the calling thread. The clock is handed in, so that a test decides
/// how time passes.
public final class TrialRunner {

    /// After the last packet: enough for a full ring and for packets waiting in a device.
    private static final long SETTLE_NS = 20_000_000;
    /// Sessions that are not over by then are lost.
    private static final long SESSION_SETTLE_NS = 500_000_000;
    private static final long POINT_NS = 100_000_000;

    private final List<GenPort> ports;
    private final LongToIntFunction turn;
    private final LongSupplier clock;
    private final Supplier<long[]> drops;
    private final double fullPps;
    private final boolean isOfPackets;
    private final Histogram hiccups = new Histogram(1, LatencyRow.NS_MAX, 3);
    private final List<TimePoint> timeLine = new ArrayList<>();
    private long busyNs;
    private long busyPackets;
    private long hiccupMaxNs;
    private long[] dropsBefore;

    /// @param turn  one turn of the device at a time; returns the packets it received
    /// @param clock nanoseconds
    /// @param drops what the device has dropped so far, by the numbers of its reasons; asked every tenth of a second
    public TrialRunner(List<GenPort> ports, LongToIntFunction turn, LongSupplier clock, Supplier<long[]> drops) {
        this.ports = List.copyOf(ports);
        this.turn = turn;
        this.clock = clock;
        this.drops = drops;
        double packets = 0;
        double sessions = 0;
        for (GenPort port : ports) {
            for (PacketSource source : port.sources()) {
                if (!(source instanceof StreamSource stream) || !stream.spec().isStamped()) continue;
                packets += stream.spec().rate().packetsPerSecond(stream.spec().sizes());
            }
            for (SessionEnd end : port.sessions()) {
                if (end.isClient()) sessions += end.spec().load().perSecond();
            }
        }
        this.isOfPackets = packets > 0;
        this.fullPps = isOfPackets ? packets : sessions;
    }

    /// Packets a second of the profile's own rates, stamped ones; sessions a second where it has no such streams.
    public double fullPps() {
        return fullPps;
    }

    /// What rates count.
    public String unit() {
        return isOfPackets ? "packets/s" : "sessions/s";
    }

    public TrialResult run(double share, long durationNs) {
        Map<String, Long> sentBefore = sent();
        for (GenPort port : ports) {
            port.receiver().reset();
            for (SessionEnd end : port.sessions()) end.counts().clear();
        }
        long startNs = clock.getAsLong();
        for (GenPort port : ports) port.start(startNs, share, durationNs);
        dropsBefore = drops.get();
        settle(turns(startNs, startNs + durationNs));
        TrialResult result = result(share, durationNs, sentBefore);
        for (GenPort port : ports) port.stop();
        return result;
    }

    private long turns(long startNs, long untilNs) {
        long lastNs = startNs;
        long nextPointNs = startNs + POINT_NS;
        long pointReceived = 0;
        boolean wasIdle = false;
        while (true) {
            long nowNs = clock.getAsLong();
            long gapNs = nowNs - lastNs;
            if (wasIdle) hiccup(gapNs);
            else busyNs += gapNs;
            lastNs = nowNs;
            if (nowNs >= nextPointNs) {
                long received = arrived();
                point(nowNs, (received - pointReceived) * 1e9 / (nowNs - nextPointNs + POINT_NS));
                pointReceived = received;
                nextPointNs = nowNs + POINT_NS;
            }
            if (nowNs >= untilNs) return nowNs;
            int count = turn.applyAsInt(nowNs);
            wasIdle = count == 0;
            busyPackets += count;
        }
    }

    private void hiccup(long gapNs) {
        hiccups.recordValue(Math.clamp(gapNs, 0, LatencyRow.NS_MAX));
        hiccupMaxNs = Math.max(hiccupMaxNs, gapNs);
    }

    private void point(long nowNs, double receivedPps) {
        long[] dropped = drops.get();
        long[] since = new long[dropped.length];
        for (int i = 0; i < since.length; i++) since[i] = dropped[i] - dropsBefore[i];
        dropsBefore = dropped;
        timeLine.add(new TimePoint(nowNs, receivedPps, since, hiccupMaxNs));
        hiccupMaxNs = 0;
    }

    private void settle(long endNs) {
        long nowNs = endNs;
        boolean isOver = false;
        while (nowNs < endNs + SETTLE_NS || !isOver && nowNs < endNs + SESSION_SETTLE_NS) {
            nowNs = clock.getAsLong();
            turn.applyAsInt(nowNs);
            isOver = true;
            for (int i = 0; i < ports.size(); i++) isOver &= ports.get(i).isExhausted();
        }
    }

    private Map<String, Long> sent() {
        Map<String, Long> sums = new LinkedHashMap<>();
        for (GenPort port : ports) {
            for (PacketSource source : port.sources()) sums.merge(source.name(), source.sentCount(), Long::sum);
        }
        return sums;
    }

    private TrialResult result(double share, long durationNs, Map<String, Long> sentBefore) {
        Map<String, Long> sentNow = sent();
        Map<String, StreamRow.Sum> sums = new LinkedHashMap<>();
        Map<String, Double> rates = new LinkedHashMap<>();
        List<SessionRow> kinds = new ArrayList<>();
        for (GenPort port : ports) {
            for (PacketSource source : port.sources()) {
                if (!(source instanceof StreamSource stream) || !stream.spec().isStamped()) continue;
                var sum = sums.computeIfAbsent(stream.name(), _ -> new StreamRow.Sum());
                rates.merge(stream.name(), stream.spec().rate().packetsPerSecond(stream.spec().sizes()) * share,
                    Double::sum);
                if (isFirst(port, stream)) ports.forEach(each -> sum.add(each.receiver().stream(stream.id())));
            }
            for (SessionEnd end : port.sessions()) {
                if (!end.isClient()) continue;
                kinds.add(SessionRow.of(end.spec().name(), end.counts(), end.spec().load().perSecond() * share));
            }
        }
        List<StreamRow> streams = sums.entrySet().stream().map(each -> each.getValue().row(each.getKey(),
            sentNow.get(each.getKey()) - sentBefore.get(each.getKey()), rates.get(each.getKey()))).toList();
        return new TrialResult(share, 1, share * fullPps, streams.stream().mapToLong(StreamRow::sent).sum(),
            streams.stream().mapToLong(StreamRow::lost).sum(), kinds.stream().mapToLong(SessionRow::meant).sum(),
            kinds.stream().mapToLong(SessionRow::lost).sum(), durationNs / 1e9, streams, kinds);
    }

    /// A stream without a port is received from several, but judged once.
    private boolean isFirst(GenPort port, StreamSource stream) {
        for (GenPort each : ports) {
            boolean has = each.sources().stream().anyMatch(source -> source.name().equals(stream.name()));
            if (has) return each == port;
        }
        return false;
    }

    private long arrived() {
        long sum = 0;
        for (int i = 0; i < ports.size(); i++) {
            GenPort port = ports.get(i);
            for (int id = 0; id < port.receiver().streamCount(); id++) sum += port.receiver().stream(id).arrivedCount();
            if (isOfPackets) continue;
            for (SessionEnd end : port.sessions()) sum += end.isClient() ? end.counts().completed() : 0;
        }
        return sum;
    }

    /// Latencies of the last trial, all streams together; where there are none, of the sessions' answers.
    public Histogram latency() {
        var sum = new Histogram(1, LatencyRow.NS_MAX, 3);
        for (GenPort port : ports) {
            for (int i = 0; i < port.receiver().streamCount(); i++) sum.add(port.receiver().stream(i).latency());
            if (isOfPackets) continue;
            for (SessionEnd end : port.sessions()) {
                if (end.isClient()) sum.add(end.counts().transaction());
            }
        }
        return sum;
    }

    /// Gaps between two looks at the clock with nothing to do between: what the machine itself does to latency.
    public Histogram hiccups()            { return hiccups; }
    /// What was seen every tenth of a second of every trial.
    public List<TimePoint> timeLine()     { return List.copyOf(timeLine); }

    /// Nanoseconds of busy turns for each packet since this was asked last; `NaN` without a packet.
    double busyNsPerPacket() {
        double result = busyPackets == 0 ? Double.NaN : (double) busyNs / busyPackets;
        busyNs = 0;
        busyPackets = 0;
        return result;
    }

    /// @param receivedPps in the tenth of a second that ended at `timeNs`; sessions completed without streams
    /// @param dropped     by the numbers of the reasons
    /// @param hiccupNs    the longest gap
    public record TimePoint(long timeNs, double receivedPps, long[] dropped, long hiccupNs) {}
}
