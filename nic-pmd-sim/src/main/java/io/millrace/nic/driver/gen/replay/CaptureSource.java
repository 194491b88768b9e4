package io.millrace.nic.driver.gen.replay;

import io.millrace.nic.capture.CaptureDamage;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.driver.gen.stream.PacketSource;
import io.millrace.nic.driver.replay.FrameCopier;
import io.millrace.nic.driver.replay.FrameStore;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.port.TimedPort;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import org.HdrHistogram.Histogram;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// Gives the packets of a capture at the times at which they were taken, faster or slower, in one loop or many. The
/// frames are rewritten once, when the capture is loaded. A time that runs backwards in the file counts as the time of
/// the packet before it.
///
/// [#errors] says by how much each packet came later than it should have: the clock that the port is polled with
/// against the time it was meant to be sent. None comes too early.
public final class CaptureSource implements PacketSource, AutoCloseable {

    private static final long ERROR_NS_MAX = 60_000_000_000L;

    private final CaptureSpec spec;
    private final FrameStore frames;
    private final FrameCopier copier;
    private final long[] offsetsNs;      // from the first packet
    private final long loopNs;
    private final Histogram errors = new Histogram(1, ERROR_NS_MAX, 3);
    private double speed;
    private long startNs;
    private long endNs;
    private long nextNs = TimedPort.NEVER;
    private int frame;
    private long loop;
    private long countAtStart;
    private long givenCount;
    private long givenBytes;
    private long missedCount;

    /// @param port index of the port that its packets are received from
    public CaptureSource(PacketMemory packets, CaptureSpec spec, int port) throws CaptureException {
        this.spec = spec;
        this.frames = FrameStore.load(spec.file());
        this.copier = new FrameCopier(packets, frames, port);
        this.offsetsNs = new long[frames.frameCount()];
        for (int i = 1; i < offsetsNs.length; i++) {
            offsetsNs[i] = Math.max(offsetsNs[i - 1], frames.timeNs(i) - frames.timeNs(0));
        }
        this.loopNs = offsetsNs.length == 0 ? 0 : offsetsNs[offsetsNs.length - 1] + spec.gapNs();
        if (spec.rewriting().isNothing()) return;
        var rewriter = new FrameRewriter(frames.memory(), spec.rewriting());
        for (int i = 0; i < frames.frameCount(); i++) {
            boolean isEthernet = frames.linkType(i) == PortCapabilities.LINK_TYPE_ETHERNET;
            if (isEthernet) rewriter.rewrite(FrameStore.at(frames.place(i)), FrameStore.bytes(frames.place(i)));
        }
    }

    @Override public String name()        { return spec.name(); }
    @Override public long nextNs()        { return nextNs; }
    @Override public long givenCount()    { return givenCount; }
    @Override public long givenBytes()    { return givenBytes; }
    @Override public long missedCount()   { return missedCount; }

    public CaptureSpec spec()             { return spec; }
    /// How late packets were given, nanoseconds, since the source was made.
    public Histogram errors()             { return errors; }

    /// Why only a part of the capture is replayed, or null.
    public CaptureDamage damage() {
        return frames.damage();
    }

    @Override
    public void start(long atNs, double factor, long limitNs) {
        speed = spec.speed() * factor;
        startNs = atNs + spec.startNs();
        endNs = Math.min(end(startNs, spec.durationNs()), end(atNs, limitNs));
        frame = 0;
        loop = 0;
        countAtStart = sentCount();
        schedule();
    }

    private static long end(long fromNs, long durationNs) {
        return durationNs == CaptureSpec.ENDLESS ? CaptureSpec.ENDLESS : fromNs + durationNs;
    }

    @Override
    public void stop() {
        nextNs = TimedPort.NEVER;
    }

    private void schedule() {
        boolean isOver = offsetsNs.length == 0 || loop >= spec.loops() || sentCount() - countAtStart >= spec.countMax();
        nextNs = isOver ? TimedPort.NEVER : timeNs(loop, frame);
        if (nextNs >= endNs) nextNs = TimedPort.NEVER;
    }

    private long timeNs(long inLoop, int index) {
        return spec.isPaced() ? startNs + (long) (((double) inLoop * loopNs + offsetsNs[index]) / speed) : startNs;
    }

    private void advance() {
        if (++frame == offsetsNs.length) {
            frame = 0;
            loop++;
        }
        schedule();
    }

    @Override
    public long dueCount(long nowNs) {
        if (nextNs > nowNs || !spec.isPaced()) return 0;
        long count = 0;
        int index = frame;
        long inLoop = loop;
        while (inLoop < spec.loops() && timeNs(inLoop, index) <= Math.min(nowNs, endNs - 1)) {
            count++;
            if (++index < offsetsNs.length) continue;
            index = 0;
            inLoop++;
        }
        return Math.min(count, spec.countMax() - (sentCount() - countAtStart));
    }

    @Override
    public void miss(long untilNs) {
        while (nextNs <= untilNs && spec.isPaced()) {
            missedCount++;
            advance();
        }
    }

    @Override
    public int give(PacketPool pool, long nowNs) {
        int packet = copier.copy(frame, pool, spec.isPaced() ? nextNs : nowNs);
        if (packet == NONE) return NONE;
        if (spec.isPaced()) errors.recordValue(Math.clamp(nowNs - nextNs, 0, ERROR_NS_MAX));
        givenCount++;
        givenBytes += FrameStore.bytes(frames.place(frame));
        advance();
        return packet;
    }

    @Override
    public int giveDue(Burst burst, PacketPool pool, long nowNs) {
        int count = 0;
        while (burst.room() > 0 && nextNs <= nowNs) {
            int packet = give(pool, nowNs);
            if (packet == NONE) break;
            burst.add(packet);
            count++;
        }
        return count;
    }

    @Override
    public void close() {
        frames.close();
    }
}
