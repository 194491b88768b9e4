package io.millrace.flow.table;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// Reads flows on another thread than the one that owns them, without a lock: an entry counts if its sequence number is
/// even and the same before and after. Key, rewrite and identity of an image belong together; counters, time and state
/// move on while it is read, each by itself.
public final class FlowListing {

    /// An entry that is written this often while it is read is left out.
    private static final int TRIES = 1000;

    private final MemorySegment table;
    private final long linesAt;
    private final int flowsMax;

    public FlowListing(FlowTable flows) {
        this.table = flows.segment();
        this.linesAt = flows.linesAt();
        this.flowsMax = flows.flowsMax();
    }

    /// Reads the next flow at or after `slot` into `image`; returns its slot, or [FlowTable#NONE] if there is none.
    public int next(int slot, FlowImage image) {
        for (int at = slot; at < flowsMax; at++) {
            if (sequence(at) == 0) return FlowTable.NONE;   // slots are first used in order
            if (read(at, image) && image.isUsed()) return at;
        }
        return FlowTable.NONE;
    }

    /// True if `image` now holds what lies in the slot.
    public boolean read(int slot, FlowImage image) {
        long slotAt = slotAt(slot);
        for (int tried = 0; tried < TRIES; tried++) {
            int before = sequence(slot);
            VarHandle.acquireFence();
            for (int i = 0; i < image.words.length; i++) {
                image.words[i] = Wire.hostI64(table, slotAt + (long) i * Long.BYTES);
            }
            VarHandle.acquireFence();
            if ((before & 1) == 0 && sequence(slot) == before) return true;
            Thread.onSpinWait();
        }
        return false;
    }

    private int sequence(int slot) {
        return Wire.hostI32(table, slotAt(slot) + FlowLine.SEQUENCE);
    }

    private long slotAt(int slot) {
        return linesAt + (long) slot * FlowLine.FLOW_BYTES;
    }
}
