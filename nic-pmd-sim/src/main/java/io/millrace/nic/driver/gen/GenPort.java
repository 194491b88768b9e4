package io.millrace.nic.driver.gen;

import io.millrace.nic.driver.gen.receive.Receiver;
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

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// A port whose wire is a traffic generator: the packets of a profile's streams are received from it, in the order of
/// their sending times, and what is transmitted to it is judged by a [Receiver].
///
/// A packet that is due waits for a `receive`. With a ring, at most `ringSlots` wait; those that come while it is full
/// are missed, as on a network card: counted as received and dropped at the port. Without one a slow reader slows
/// nothing but the packets' latency.
public final class GenPort implements TimedPort {

    /// The profile starts when the port is first polled, at that time.
    public static final long AT_FIRST_RECEIVE = -1;
    /// Packets that are due wait without bound.
    public static final int NO_RING = 0;

    private final String name;
    private final int index;
    private final PacketMeta meta;
    private final StreamSource[] sources;
    private final Receiver receiver;
    private final int ringSlots;
    private final PortCapabilities capabilities;
    private final PortCounters counters = new PortCounters();
    private long startNs;
    private double factor = 1;
    private long ringCount;                       // packets in the ring before `missUntilNs`
    private long missUntilNs = Long.MIN_VALUE;    // when the ring was full; what came since it filled was missed

    /// The streams of the profile that name this port, or none.
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
        List<StreamSource> mine = new ArrayList<>();
        for (int id = 0; id < profile.streams().size(); id++) {
            StreamSpec spec = profile.streams().get(id);
            boolean isMine = spec.port().isEmpty() || spec.port().equals(name);
            if (isMine) mine.add(new StreamSource(arena, packets, spec, id, index));
        }
        this.sources = mine.toArray(StreamSource[]::new);
        this.capabilities = new PortCapabilities(1, 1, Integer.MAX_VALUE, PortCapabilities.LINK_TYPE_ETHERNET,
            profile.isTimed() && startNs != AT_FIRST_RECEIVE);
        this.startNs = startNs;
        if (startNs != AT_FIRST_RECEIVE) start(startNs, 1, StreamSpec.ENDLESS);
    }

    @Override public String name()                   { return name; }
    @Override public int index()                     { return index; }
    @Override public PortCapabilities capabilities() { return capabilities; }
    @Override public PortCounters counters()         { return counters; }

    public Receiver receiver()                       { return receiver; }

    /// The streams that are received from this port.
    public List<StreamSource> sources() {
        return List.of(sources);
    }

    /// Starts all streams, anew if need be, at `rateFactor` times their rates, to end `limitNs` later at the latest.
    public void start(long atNs, double rateFactor, long limitNs) {
        startNs = atNs;
        factor = rateFactor;
        ringCount = 0;
        missUntilNs = Long.MIN_VALUE;
        for (StreamSource source : sources) source.start(atNs, factor, limitNs);
    }

    /// Ends all streams until they are started again.
    public void stop() {
        ringCount = 0;
        missUntilNs = Long.MIN_VALUE;
        for (StreamSource source : sources) source.stop();
    }

    @Override
    public boolean isExhausted() {
        if (startNs == AT_FIRST_RECEIVE && sources.length > 0) return false;
        return nextReceiveNs() == NEVER;
    }

    @Override
    public long nextReceiveNs() {
        long earliestNs = NEVER;
        for (StreamSource source : sources) earliestNs = Math.min(earliestNs, source.nextNs());
        return earliestNs;
    }

    @Override
    public int receive(int queue, Burst burst, PacketPool pool, long nowNs) {
        assert queue == 0 : queue;
        if (startNs == AT_FIRST_RECEIVE) start(nowNs, factor, StreamSpec.ENDLESS);
        if (ringSlots != NO_RING) fillRing(nowNs);
        int beforeCount = burst.count();
        long givenBytes = 0;
        while (burst.room() > 0) {
            StreamSource source = earliest();
            if (source == null || source.nextNs() > nowNs) break;
            int packet = source.give(pool, nowNs);
            if (packet == NONE) break;
            burst.add(packet);
            givenBytes += meta.packetBytes(packet);
            if (missUntilNs != Long.MIN_VALUE && --ringCount == 0) miss();
        }
        int givenCount = burst.count() - beforeCount;
        counters.received(givenCount, givenBytes);
        return givenCount;
    }

    private StreamSource earliest() {
        if (sources.length == 1) return sources[0];
        StreamSource earliest = null;
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
            receiver.receive(packet, nowNs);
            pool.release(packet);
        }
        counters.sent(burst.count(), sentBytes);
        return burst.count();
    }

    @Override
    public void close() {}
}
