package io.millrace.dataplane;

import io.millrace.dataplane.account.Ledger;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// Packet memory for a test: frames in, as one slot or as a chain of slots of any size, and out again.
public final class PacketBench {

    public static final int LINK_BYTES = 14;

    public final PacketMemory packets;
    public final PacketPool pool;
    public final PacketMeta meta;
    public final Ledger ledger;
    private final MemorySegment memory;
    private final int slotCount;

    public PacketBench(int slotCount) {
        this.slotCount = slotCount;
        packets = new PacketMemory(Arena.ofAuto(), slotCount);
        pool = new PacketPool(Arena.ofAuto(), packets);
        meta = new PacketMeta(packets);
        ledger = new Ledger(pool);
        memory = packets.segment();
        memory.fill((byte) 0xDE);   // nothing may lean on memory that is zero
    }

    /// A received Ethernet frame, network header at 14.
    public int put(byte[] frame) {
        return put(frame, PacketMemory.FRAME_BYTES_MAX);
    }

    /// The same as a chain whose slots hold at most `slotBytesMax` each.
    public int put(byte[] frame, int slotBytesMax) {
        int first = NONE;
        int last = NONE;
        int doneBytes = 0;
        do {
            int slot = pool.allocate();
            int partBytes = Math.min(slotBytesMax, frame.length - doneBytes);
            meta.begin(slot, partBytes, 3, 0, 1_000);
            MemorySegment.copy(MemorySegment.ofArray(frame), doneBytes, memory, meta.frameAt(slot), partBytes);
            if (first == NONE) {
                first = slot;
            } else {
                meta.next(last, slot);
                meta.last(first, slot);
            }
            last = slot;
            doneBytes += partBytes;
        } while (doneBytes < frame.length);
        meta.packetBytes(first, frame.length);
        meta.l3(first, LINK_BYTES);
        ledger.received(1);
        return first;
    }

    /// The packet's bytes from `from` on.
    public byte[] bytes(int packet, int from) {
        byte[] bytes = new byte[meta.packetBytes(packet)];
        int at = 0;
        for (int slot = packet; slot != NONE; slot = meta.next(slot)) {
            for (int i = 0; i < meta.slotBytes(slot); i++) {
                bytes[at++] = (byte) Wire.u8(memory, meta.frameAt(slot) + i);
            }
        }
        if (at != bytes.length) throw new AssertionError("slots hold " + at + " bytes, packet says " + bytes.length);
        byte[] rest = new byte[bytes.length - from];
        System.arraycopy(bytes, from, rest, 0, rest.length);
        return rest;
    }

    /// From the network header on.
    public byte[] network(int packet) {
        return bytes(packet, meta.l3(packet));
    }

    /// Takes a packet off this bench as if a wire had taken it.
    public void sent(int packet) {
        ledger.sent(1);
        pool.release(packet);
    }

    /// Slots that can still be had.
    public int freeSlots() {
        int[] taken = new int[slotCount];
        int count = 0;
        for (int slot = pool.allocate(); slot != NONE; slot = pool.allocate()) {
            taken[count++] = slot;
        }
        for (int i = 0; i < count; i++) {
            meta.next(taken[i], NONE);
            pool.release(taken[i]);
        }
        return count;
    }
}
