package io.millrace.checksum;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Packets in memory made of byte arrays, in one slot or in chains cut anywhere, and byte arrays made of packets.
public final class PacketFixture implements AutoCloseable {

    private final Arena arena = Arena.ofConfined();
    public final PacketMemory packets;
    public final PacketMeta meta;
    public final PacketPool pool;

    public PacketFixture() {
        this(256);
    }

    public PacketFixture(int slotCount) {
        packets = new PacketMemory(arena, slotCount);
        meta = new PacketMeta(packets);
        pool = new PacketPool(arena, packets);
    }

    /// A packet in as few slots as possible.
    public int packet(byte[] bytes) {
        List<Integer> partBytes = new ArrayList<>();
        for (int done = 0; done < bytes.length; done += PacketMemory.FRAME_BYTES_MAX) {
            partBytes.add(Math.min(PacketMemory.FRAME_BYTES_MAX, bytes.length - done));
        }
        if (partBytes.isEmpty()) partBytes.add(0);
        return chain(bytes, partBytes, null);
    }

    /// A packet whose first slot holds at least `firstBytesMin`, cut at random behind, each slot beginning anywhere.
    public int packet(byte[] bytes, int firstBytesMin, Random random) {
        List<Integer> partBytes = new ArrayList<>();
        int done = Math.min(bytes.length, firstBytesMin + random.nextInt(200));
        partBytes.add(done);
        while (done < bytes.length) {
            int part = Math.min(bytes.length - done, random.nextInt(random.nextBoolean() ? 20 : 1500));
            partBytes.add(part);
            done += part;
        }
        return chain(bytes, partBytes, random);
    }

    private int chain(byte[] bytes, List<Integer> partBytes, Random random) {
        int first = PacketMemory.NONE;
        int last = PacketMemory.NONE;
        int done = 0;
        for (int part : partBytes) {
            int slot = pool.allocate();
            if (slot == PacketMemory.NONE) throw new IllegalStateException("the fixture has too few slots");
            meta.begin(slot, part, 0, 0, 0);
            if (random != null) {
                int room = PacketMemory.FRAME_BYTES_MAX - part;
                meta.dataAt(slot, PacketMemory.FRAME_AT + random.nextInt(Math.min(room, 64) + 1));
            }
            Wire.copy(MemorySegment.ofArray(bytes), done, packets.segment(), meta.frameAt(slot), part);
            if (first == PacketMemory.NONE) {
                first = slot;
            } else {
                meta.next(last, slot);
                meta.last(first, slot);
            }
            last = slot;
            done += part;
        }
        meta.packetBytes(first, bytes.length);
        return first;
    }

    /// The packet's bytes, all slots of it.
    public byte[] bytes(int packet) {
        byte[] bytes = new byte[meta.packetBytes(packet)];
        int done = 0;
        for (int slot = packet; slot != PacketMemory.NONE; slot = meta.next(slot)) {
            Wire.copy(packets.segment(), meta.frameAt(slot), MemorySegment.ofArray(bytes), done, meta.slotBytes(slot));
            done += meta.slotBytes(slot);
        }
        if (done != bytes.length) throw new IllegalStateException("slots hold " + done + " of " + bytes.length);
        return bytes;
    }

    @Override
    public void close() {
        arena.close();
    }
}
