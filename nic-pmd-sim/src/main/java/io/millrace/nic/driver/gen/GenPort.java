package io.millrace.nic.driver.gen;

import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.driver.gen.receive.Receiver;
import io.millrace.nic.driver.gen.replay.CaptureSource;
import io.millrace.nic.driver.gen.replay.CaptureSpec;
import io.millrace.nic.driver.gen.session.SessionEnd;
import io.millrace.nic.driver.gen.session.SessionSpec;
import io.millrace.nic.driver.gen.stream.PacketSource;
import io.millrace.nic.driver.gen.stream.StreamSource;
import io.millrace.nic.driver.gen.stream.StreamSpec;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.port.PortCounters;
import io.millrace.nic.port.TimedPort;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// A port whose wire is a traffic generator: the packets of a profile's streams and captures are received from it, in
/// the order of their sending times, and what its sessions' clients and servers send; what is transmitted to it goes to
/// these, or is judged by a [Receiver].
///
/// A packet that is due waits for a `receive`. With a ring, at most `ringSlots` wait; those that come while it is full
/// are missed, as on a network card: counted as received and dropped at the port. Without one a slow reader slows
/// nothing but the packets' latency. What sessions send does not go through the ring: they wait for a reader
/// themselves.
public final class GenPort implements TimedPort {

    /// The profile starts when the port is first polled, at that time.
    public static final long AT_FIRST_RECEIVE = -1;
    /// Packets that are due wait without bound.
    public static final int NO_RING = 0;

    private final String name;
    private final int index;
    private final PacketMeta meta;
    private final PacketSource[] sources;
    private final SessionEnd[] ends;
    private final Receiver receiver;
    private final int ringSlots;
    private final PortCapabilities capabilities;
    private final PortCounters counters = new PortCounters();
    private long startNs;
    private double factor = 1;
    private long ringCount;                       // packets in the ring before `missUntilNs`
    private long missUntilNs = Long.MIN_VALUE;    // when the ring was full; what came since it filled was missed

    /// What of the profile names this port, and streams and captures that name none. Throws an [UncheckedIOException]
    /// if a capture can no longer be read.
    ///
    /// @param startNs  when the profile starts, or [#AT_FIRST_RECEIVE]
    public GenPort(Arena arena, PacketMemory packets, String name, int index, TrafficProfile profile, Receiver receiver,
                   int ringSlots, long startNs) {
        Check.that(ringSlots >= 0, "ringSlots must not be negative", ringSlots);
        this.name = name;
        this.index = index;
        this.meta = new PacketMeta(packets);
        this.receiver = receiver;
        this.ringSlots = ringSlots;
        List<PacketSource> mine = new ArrayList<>();
        for (int id = 0; id < profile.streams().size(); id++) {
            StreamSpec spec = profile.streams().get(id);
            if (isMine(spec.port())) mine.add(new StreamSource(arena, packets, spec, id, index));
        }
        for (CaptureSpec spec : profile.captures()) {
            if (isMine(spec.port())) mine.add(capture(packets, spec));
        }
        this.sources = mine.toArray(PacketSource[]::new);
        List<SessionEnd> myEnds = new ArrayList<>();
        for (SessionSpec spec : profile.sessions()) {
            if (spec.clients().port().equals(name)) myEnds.add(new SessionEnd(arena, packets, spec, true, index));
            if (spec.servers().port().equals(name)) myEnds.add(new SessionEnd(arena, packets, spec, false, index));
        }
        this.ends = myEnds.toArray(SessionEnd[]::new);
        this.capabilities = new PortCapabilities(1, 1, Integer.MAX_VALUE, PortCapabilities.LINK_TYPE_ETHERNET,
            profile.isTimed() && startNs != AT_FIRST_RECEIVE);
        this.startNs = startNs;
        if (startNs != AT_FIRST_RECEIVE) start(startNs, 1, StreamSpec.ENDLESS);
    }

    private boolean isMine(String port) {
        return port.isEmpty() || port.equals(name);
    }

    private CaptureSource capture(PacketMemory packets, CaptureSpec spec) {
        try {
            return new CaptureSource(packets, spec, index);
        } catch (CaptureException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override public String name()                   { return name; }
    @Override public int index()                     { return index; }
    @Override public PortCapabilities capabilities() { return capabilities; }
    @Override public PortCounters counters()         { return counters; }

    public Receiver receiver()                       { return receiver; }

    /// What is received from this port, but for sessions.
    public List<PacketSource> sources() {
        return List.of(sources);
    }

    /// The clients and servers behind this port.
    public List<SessionEnd> sessions() {
        return List.of(ends);
    }

    /// Starts everything, anew if need be, at `rateFactor` times the profile's rates, to end `limitNs` later at the
    /// latest.
    public void start(long atNs, double rateFactor, long limitNs) {
        startNs = atNs;
        factor = rateFactor;
        ringCount = 0;
        missUntilNs = Long.MIN_VALUE;
        for (PacketSource source : sources) source.start(atNs, factor, limitNs);
        for (SessionEnd end : ends) end.start(atNs, factor, limitNs);
    }

    /// Ends everything until it is started again; sessions that are open are forgotten.
    public void stop() {
        ringCount = 0;
        missUntilNs = Long.MIN_VALUE;
        for (PacketSource source : sources) source.stop();
        for (SessionEnd end : ends) end.stop();
    }

    /// True once nothing will be sent unless something comes.
    @Override
    public boolean isExhausted() {
        if (startNs == AT_FIRST_RECEIVE && sources.length + ends.length > 0) return false;
        for (PacketSource source : sources) {
            if (source.nextNs() != NEVER) return false;
        }
        for (SessionEnd end : ends) {
            if (!end.isExhausted()) return false;
        }
        return true;
    }

    @Override
    public long nextReceiveNs() {
        long earliestNs = NEVER;
        for (PacketSource source : sources) earliestNs = Math.min(earliestNs, source.nextNs());
        for (SessionEnd end : ends) earliestNs = Math.min(earliestNs, end.nextNs());
        return earliestNs;
    }

    @Override
    public int receive(int queue, Burst burst, PacketPool pool, long nowNs) {
        assert queue == 0 : queue;
        if (startNs == AT_FIRST_RECEIVE) start(nowNs, factor, StreamSpec.ENDLESS);
        if (ringSlots != NO_RING) fillRing(nowNs);
        int beforeCount = burst.count();
        for (int i = 0; i < ends.length; i++) ends[i].give(burst, pool, nowNs);
        if (sources.length == 1 && missUntilNs == Long.MIN_VALUE) sources[0].giveDue(burst, pool, nowNs);
        else giveInOrder(burst, pool, nowNs);
        int givenCount = burst.count() - beforeCount;
        long givenBytes = 0;
        for (int i = beforeCount; i < burst.count(); i++) givenBytes += meta.packetBytes(burst.packet(i));
        counters.received(givenCount, givenBytes);
        return givenCount;
    }

    private void giveInOrder(Burst burst, PacketPool pool, long nowNs) {
        while (burst.room() > 0) {
            PacketSource source = earliest();
            if (source == null || source.nextNs() > nowNs) break;
            int packet = source.give(pool, nowNs);
            if (packet == NONE) break;
            burst.add(packet);
            if (missUntilNs != Long.MIN_VALUE && --ringCount == 0) miss();
        }
    }

    private PacketSource earliest() {
        if (sources.length == 1) return sources[0];
        PacketSource earliest = null;
        long earliestNs = NEVER;
        for (int i = 0; i < sources.length; i++) {
            if (sources[i].nextNs() >= earliestNs) continue;
            earliest = sources[i];
            earliestNs = earliest.nextNs();
        }
        return earliest;
    }

    /// Sees whether more packets are due than the ring holds: its oldest are given, those behind were missed.
    private void fillRing(long nowNs) {
        if (missUntilNs != Long.MIN_VALUE) return;
        long dueCount = 0;
        for (int i = 0; i < sources.length; i++) {
            dueCount += sources[i].dueCount(nowNs);
        }
        if (dueCount <= ringSlots) return;
        ringCount = ringSlots;
        missUntilNs = nowNs;
    }

    private void miss() {
        long missedCount = 0;
        for (int i = 0; i < sources.length; i++) {
            long before = sources[i].missedCount();
            sources[i].miss(missUntilNs);
            missedCount += sources[i].missedCount() - before;
        }
        counters.received(missedCount, 0);
        counters.receiveDropped(missedCount);
        missUntilNs = Long.MIN_VALUE;
    }

    @Override
    public int transmit(int queue, Burst burst, PacketPool pool, long nowNs) {
        assert queue == 0 : queue;
        long sentBytes = 0;
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            sentBytes += meta.packetBytes(packet);
            if (!isForSessions(packet, pool, nowNs)) receiver.receive(packet, nowNs);
            pool.release(packet);
        }
        counters.sent(burst.count(), sentBytes);
        return burst.count();
    }

    private boolean isForSessions(int packet, PacketPool pool, long nowNs) {
        for (int i = 0; i < ends.length; i++) {
            if (ends[i].take(packet, pool, nowNs)) return true;
        }
        return false;
    }

    @Override
    public void close() {
        for (PacketSource source : sources) {
            if (source instanceof CaptureSource capture) capture.close();
        }
    }
}
