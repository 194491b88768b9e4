package io.millrace.nic.sim.fault;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Puts what [NicFaults] say is wrong about a packet into its bytes.
public final class Flaws {

    private final PacketMeta meta;
    private final MemorySegment memory;

    public Flaws(PacketMemory packets) {
        this.meta = new PacketMeta(packets);
        this.memory = packets.segment();
    }

    /// Changes these bits of the last byte of the packet's first slot; 0 changes nothing.
    public void into(int packet, int bits) {
        int slotBytes = meta.slotBytes(packet);
        if (bits == 0 || slotBytes == 0) return;
        long at = meta.frameAt(packet) + slotBytes - 1;
        Wire.u8(memory, at, Wire.u8(memory, at) ^ bits);
    }
}
