package io.millrace.nic.system;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Descriptors that one thread sleeps on together until one of them has something to read.
public final class PollSet {

    private static final int ENTRY_BYTES = 8;   // struct pollfd: i32 descriptor, u16 wanted, u16 seen
    private static final int WANTED = 4;
    private static final int POLLIN = 1;

    private final SystemCalls calls = new SystemCalls();
    private final MemorySegment entries;
    private final int count;

    public PollSet(int[] descriptors) {
        this.count = descriptors.length;
        this.entries = Arena.ofAuto().allocate(Math.max(1, (long) count * ENTRY_BYTES), Long.BYTES);
        for (int i = 0; i < count; i++) {
            Wire.hostI32(entries, (long) i * ENTRY_BYTES, descriptors[i]);
            Wire.hostU16(entries, (long) i * ENTRY_BYTES + WANTED, POLLIN);
        }
    }

    /// Sleeps until one can be read or has failed, or the time is over.
    public void await(int timeoutMs) {
        calls.poll(entries.address(), count, timeoutMs);
    }
}
