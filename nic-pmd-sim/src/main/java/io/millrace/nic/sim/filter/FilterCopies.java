package io.millrace.nic.sim.filter;

import io.millrace.flow.flower.engine.FlowerCopies;
import io.millrace.packet.memory.PacketCopy;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

/// The copies that filters made of one packet, until they are sent: each has its port as `egress` in its metadata.
public final class FilterCopies implements FlowerCopies {

    /// More than the actions of all filters that a packet can meet on its rounds would be a mistake of theirs.
    private static final int COPIES_MAX = 64;

    private final PacketCopy copier;
    private final PacketMeta meta;
    private final int[] copies = new int[COPIES_MAX];
    private int count;
    private boolean isShort;

    FilterCopies(PacketPool pool) {
        this.copier = new PacketCopy(pool);
        this.meta = new PacketMeta(pool.packets());
    }

    @Override
    public boolean mirror(int packet, int port) {
        int copy = count == COPIES_MAX ? PacketMemory.NONE : copier.of(packet);
        isShort |= copy == PacketMemory.NONE;
        if (copy == PacketMemory.NONE) return false;
        meta.egress(copy, port);
        copies[count++] = copy;
        return true;
    }

    public int count()         { return count; }
    public int copy(int index) { return copies[index]; }
    /// True if there was no room for some.
    public boolean isShort()   { return isShort; }

    /// They are the caller's now.
    public void clear() {
        count = 0;
        isShort = false;
    }
}
