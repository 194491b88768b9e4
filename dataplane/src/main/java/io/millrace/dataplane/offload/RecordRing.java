package io.millrace.dataplane.offload;

import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// Off-heap ring of records of a fixed number of words, between exactly one producer and one consumer thread. A record
/// is written where [#room] says there is one and seen by the consumer from [#publish] on; it is the producer's again
/// from [#release] on. Laid out as `PacketRing`.
final class RecordRing {

    private static final VarHandle CURSOR = ValueLayout.JAVA_LONG.varHandle();
    private static final long HEAD = 0;
    private static final long TAIL = 128;
    private static final long RECORDS = 256;

    private final MemorySegment memory;
    private final int recordCount;
    private final long recordBytes;

    /// @param recordCount a power of two
    RecordRing(Arena arena, int recordCount, int wordsPerRecord) {
        Check.that(Integer.bitCount(recordCount) == 1, "recordCount must be a power of two", recordCount);
        this.recordCount = recordCount;
        this.recordBytes = (long) wordsPerRecord * Long.BYTES;
        this.memory = arena.allocate(RECORDS + recordCount * recordBytes + 128, 128);
    }

    /// Producer. Records that can be published now.
    int room() {
        return recordCount - (int) ((long) CURSOR.get(memory, TAIL) - (long) CURSOR.getAcquire(memory, HEAD));
    }

    /// Producer. A word of the record that is published next.
    void put(int word, long value) {
        Wire.hostI64(memory, at((long) CURSOR.get(memory, TAIL)) + (long) word * Long.BYTES, value);
    }

    void publish() {
        CURSOR.setRelease(memory, TAIL, (long) CURSOR.get(memory, TAIL) + 1);
    }

    /// Consumer. True if there is a record to be read with [#get].
    boolean hasNext() {
        return (long) CURSOR.getAcquire(memory, TAIL) != (long) CURSOR.get(memory, HEAD);
    }

    long get(int word) {
        return Wire.hostI64(memory, at((long) CURSOR.get(memory, HEAD)) + (long) word * Long.BYTES);
    }

    void release() {
        CURSOR.setRelease(memory, HEAD, (long) CURSOR.get(memory, HEAD) + 1);
    }

    private long at(long cursor) {
        return RECORDS + (cursor & recordCount - 1) * recordBytes;
    }
}
