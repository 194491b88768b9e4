package io.millrace.dataplane.route;

import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.Reservation;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Off-heap records of one size, named by number, in one memory that never moves: room for all of them is reserved,
/// pages are used as they are reached. Freed records are used again, the last freed first. A record is 0 all over when
/// it is given out.
///
/// Touched by one thread. The arena frees the memory.
final class Slab {

    static final int NONE = -1;

    private final MemorySegment memory;
    private final int recordBytes;
    private final int recordsMax;
    private int reachedCount;      // records ever given out
    private int usedCount;
    private int firstFree = NONE;  // each free record holds the number of the next in its first four bytes

    Slab(Arena arena, int recordBytes, int recordsMax) {
        Check.that(recordBytes > 0 && recordBytes % 8 == 0, "recordBytes must be a multiple of 8", recordBytes);
        this.memory = Reservation.of(arena, (long) recordBytes * recordsMax);
        this.recordBytes = recordBytes;
        this.recordsMax = recordsMax;
    }

    MemorySegment memory() {
        return memory;
    }

    int usedCount() {
        return usedCount;
    }

    /// Records that can still be given out.
    int leftCount() {
        return recordsMax - usedCount;
    }

    int allocate() {
        int record = firstFree;
        if (record == NONE) {
            Check.that(reachedCount < recordsMax, "table is full", reachedCount);
            record = reachedCount++;
        } else {
            long at = at(record);
            firstFree = Wire.hostI32(memory, at);
            for (int i = 0; i < recordBytes; i += 8) {
                Wire.hostI64(memory, at + i, 0);
            }
        }
        usedCount++;
        return record;
    }

    void free(int record) {
        assert record >= 0 : record;
        assert record < reachedCount : record;
        usedCount--;
        Wire.hostI32(memory, at(record), firstFree);
        firstFree = record;
    }

    private long at(int record) {
        return (long) record * recordBytes;
    }
}
