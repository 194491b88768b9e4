package io.millrace.nic.driver.gen.stream;

import io.millrace.nic.driver.gen.random.SeededRandom;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Does what a [Mutation] says to packets whose headers lie in one piece.
final class Damage {

    /// What a damaged frame is never cut below: an Ethernet header.
    private static final int BYTES_MIN = 14;

    private final MemorySegment memory;
    private final SeededRandom random;
    private final Mutation mutation;
    private final int headerBytes;
    private final long share;
    private final long cutShare;

    Damage(MemorySegment memory, int headerBytes, Mutation mutation, long seed) {
        this.memory = memory;
        this.random = new SeededRandom(seed);
        this.mutation = mutation;
        this.headerBytes = headerBytes;
        this.share = SeededRandom.share(mutation.share());
        this.cutShare = SeededRandom.share(mutation.cutShare());
    }

    /// Damages the packet, or not. One of several slots is not cut.
    void maybe(int packet, PacketMeta meta, long at) {
        if (!random.isHit(share)) return;
        if (random.isHit(cutShare) && !meta.isChain(packet)) {
            int cutBytes = BYTES_MIN + (int) random.below(headerBytes - BYTES_MIN + 1L);
            meta.slotBytes(packet, cutBytes);
            meta.packetBytes(packet, cutBytes);
            return;
        }
        int bitCount = 1 + (int) random.below(mutation.bitsMax());
        for (int i = 0; i < bitCount; i++) {
            long bit = random.below((headerBytes - mutation.from()) * (long) Byte.SIZE);
            long byteAt = at + mutation.from() + bit / Byte.SIZE;
            Wire.u8(memory, byteAt, Wire.u8(memory, byteAt) ^ 1 << bit % Byte.SIZE);
        }
    }
}
