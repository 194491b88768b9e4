package io.millrace.dataplane.route;

import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Off-heap records of one size, named by number. Grows by whole chunks, so that no record ever moves; freed records
/// are used again, the last freed first. A record is 0 all over when it is given out.
///
/// ```
///  chunk 0                        chunk 1
///  | record 0 | record 1 | …   |  | record n | …
/// ```
///
/// Touched by one thread. The arena frees the memory.
final class Slab {

    static final int NONE = -1;

    private static final int CHUNK_BYTES = 1 << 20;
    private static final int RECORDS_MAX = 1 << 29;   // numbers leave room for tags in 32 bits

    private final Arena arena;
    private final int recordBytes;
    private final int chunkShift;
    private MemorySegment[] chunks = new MemorySegment[0];
    private int reachedCount;      // records ever given out
    private int usedCount;
    private int firstFree = NONE;  // each free record holds the number of the next in its first four bytes

    Slab(Arena arena, int recordBytes) {
        Check.that(recordBytes > 0 && recordBytes % 8 == 0, "recordBytes must be a multiple of 8", recordBytes);
        this.arena = arena;
        this.recordBytes = recordBytes;
        this.chunkShift = 31 - Integer.numberOfLeadingZeros(CHUNK_BYTES / recordBytes);
    }

    int usedCount() {
        return usedCount;
    }

    MemorySegment chunk(int record) {
        return chunks[record >>> chunkShift];
    }

    /// Where the record begins in its chunk.
    long at(int record) {
        return (long) (record & (1 << chunkShift) - 1) * recordBytes;
    }

    int allocate() {
        usedCount++;
        if (firstFree == NONE) {
            return fresh();
        }
        int record = firstFree;
        MemorySegment chunk = chunk(record);
        long at = at(record);
        firstFree = Wire.hostI32(chunk, at);
        for (int i = 0; i < recordBytes; i += 8) {
            Wire.hostI64(chunk, at + i, 0);
        }
        return record;
    }

    void free(int record) {
        assert record >= 0 : record;
        assert record < reachedCount : record;
        usedCount--;
        Wire.hostI32(chunk(record), at(record), firstFree);
        firstFree = record;
    }

    private int fresh() {
        Check.that(reachedCount < RECORDS_MAX, "table is full", reachedCount);
        if (reachedCount >>> chunkShift == chunks.length) {
            chunks = Arrays.copyOf(chunks, chunks.length + 1);
            chunks[chunks.length - 1] = arena.allocate((long) recordBytes << chunkShift, 64);
        }
        return reachedCount++;
    }
}
