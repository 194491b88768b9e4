package io.millrace.flow.track;

import io.millrace.flow.tuple.Tuple;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Reads, for a whole burst, the memory that tracking will look at first: heads of chains and the entries they name. So
/// a burst waits for memory about once, not once a packet. For translation of a source it guesses that the next
/// connection gets the address of the last one and keeps its port. Nothing is decided here; what is read in vain, or
/// not read, costs time only.
public final class TupleTouch {

    private static final int IPV4_SOURCE_AT = 12;
    private static final int IPV6_SOURCE_AT = 8;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final ConnectionTable table;
    private final Connections connections;
    private final TupleIndex index;
    private final Tuple tuple = new Tuple();
    private final int[] nodes = new int[2 * Burst.PACKETS_MAX];
    private int read;   // somebody has to want what is read

    public TupleTouch(PacketMemory packets, ConnectionTable table) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.table = table;
        this.connections = table.connections();
        this.index = table.index();
    }

    /// Packets that were parsed.
    public void touch(Burst burst) {
        Tuple translated = table.translated();
        int count = 0;
        int sum = 0;
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            if (!hasPorts(packet)) continue;
            load(packet);
            nodes[count++] = first();
            sum += index.firstBySource(tuple);
            if (translated.family() != tuple.family()) continue;
            tuple.source(translated.targetHigh(), translated.targetLow());
            nodes[count++] = first();
        }
        for (int i = 0; i < count; i++) {
            if (nodes[i] != TupleIndex.NONE) sum += connections.status(TupleIndex.entry(nodes[i]));
        }
        read = sum;
    }

    private int first() {
        return index.first(index.bucket(index.hash(tuple)));
    }

    private boolean hasPorts(int packet) {
        int unfit = ParseFlags.FRAGMENT | ParseFlags.NOT_UNDERSTOOD | ParseFlags.CUT;
        return meta.l4(packet) != 0 && (meta.flags(packet) & unfit) == 0;
    }

    private void load(int packet) {
        long l3At = meta.frameAt(packet) + meta.l3(packet);
        long l4At = meta.frameAt(packet) + meta.l4(packet);
        int family = meta.family(packet);
        tuple.set(family, meta.proto(packet));
        if (family == 4) {
            long at = l3At + IPV4_SOURCE_AT;
            tuple.source(0, Wire.u32(memory, at)).target(0, Wire.u32(memory, at + 4));
        } else {
            long at = l3At + IPV6_SOURCE_AT;
            tuple.source(Wire.i64(memory, at), Wire.i64(memory, at + 8))
                .target(Wire.i64(memory, at + 16), Wire.i64(memory, at + 24));
        }
        tuple.ports(Wire.u16(memory, l4At), Wire.u16(memory, l4At + 2));
    }
}
