package io.millrace.simulation.firewall;

import io.millrace.nic.port.Port;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.port.PortCounters;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;

/// A wire that gives UDP packets of some connections in random order, each with its number in its connection, and looks
/// at those that the other wire of its pair has given: none may be missing, come twice, or be overtaken.
///
/// Belongs to the thread of the device behind it; what others read is volatile.
final class StampedWire implements Port {

    /// Behind Ethernet, IPv4 without options, and UDP.
    private static final int CONNECTION_AT = 42;
    private static final int NUMBER_AT = 44;
    /// Packets under way to the other wire: fewer than a ring has room for, so that none finds one full.
    private static final int UNDER_WAY_MAX = 256;

    private final String name;
    private final int index;
    private final PacketMemory packets;
    private final PacketMeta meta;
    private final List<byte[]> frames;   // one for each connection
    private final int[] given;           // by connection
    private final int[] taken;           // by connection, of the other direction
    private final long givenMax;
    private final SplittableRandom random;
    private final PortCounters counters = new PortCounters();
    private StampedWire other;
    private volatile long givenCount;
    private volatile long takenCount;
    private volatile String wrong;

    /// @param frames   whose payload has room for six bytes
    /// @param givenMax packets that it gives in all
    StampedWire(PacketMemory packets, String name, int index, List<byte[]> frames, long givenMax, long seed) {
        this.packets = packets;
        this.meta = new PacketMeta(packets);
        this.name = name;
        this.index = index;
        this.frames = frames;
        this.given = new int[frames.size()];
        this.taken = new int[frames.size()];
        this.givenMax = givenMax;
        this.random = new SplittableRandom(seed);
    }

    /// The wire that gets what this one gives, on the same device.
    void pair(StampedWire wire) {
        other = wire;
    }

    long givenCount()     { return givenCount; }
    long takenCount()     { return takenCount; }
    int given(int number) { return given[number]; }
    /// The first thing that was wrong about what it was given, or null.
    String wrong()        { return wrong; }

    @Override
    public int receive(int queue, Burst burst, PacketPool pool, long nowNs) {
        int count = 0;
        long left = Math.min(givenMax - givenCount, UNDER_WAY_MAX - (givenCount - other.takenCount));
        while (count < left && burst.room() > 0) {
            int packet = pool.allocate();
            if (packet == PacketMemory.NONE) break;   // waits on the wire
            int connection = random.nextInt(frames.size());
            byte[] frame = frames.get(connection);
            meta.begin(packet, frame.length, index, queue, nowNs);
            long at = meta.frameAt(packet);
            MemorySegment.copy(frame, 0, packets.segment(), ValueLayout.JAVA_BYTE, at, frame.length);
            Wire.u16(packets.segment(), at + CONNECTION_AT, connection);
            Wire.i32(packets.segment(), at + NUMBER_AT, given[connection]++);
            burst.add(packet);
            count++;
        }
        counters.received(count, 0);
        givenCount += count;
        return count;
    }

    @Override
    public int transmit(int queue, Burst burst, PacketPool pool, long nowNs) {
        for (int i = 0; i < burst.count(); i++) {
            long at = meta.frameAt(burst.packet(i));
            int connection = Wire.u16(packets.segment(), at + CONNECTION_AT);
            int number = Wire.i32(packets.segment(), at + NUMBER_AT);
            if (number != taken[connection]++ && wrong == null) {
                wrong = name + " was given packet " + number + " of connection " + connection + " instead of "
                    + (taken[connection] - 1);
            }
            pool.release(burst.packet(i));
        }
        counters.sent(burst.count(), 0);
        takenCount += burst.count();
        return burst.count();
    }

    @Override public String name()           { return name; }
    @Override public int index()             { return index; }
    @Override public PortCounters counters() { return counters; }
    @Override public boolean isExhausted()   { return givenCount == givenMax; }
    @Override public void close()            {}

    @Override
    public PortCapabilities capabilities() {
        return new PortCapabilities(1, 1, 65_535, PortCapabilities.LINK_TYPE_ETHERNET, false);
    }
}
