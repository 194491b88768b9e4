package io.millrace.nic.system;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Places in memory that one call fills or gathers: an array of `struct iovec`, made once and changed part by part.
///
/// ```
///  part 0                          part 1
///  | i64 address | i64 length |    | i64 address | i64 length |  ...
/// ```
public final class IoVector {

    /// Most parts that Linux takes in one call (`UIO_MAXIOV`).
    public static final int PARTS_MAX = 1024;

    private static final int PART_BYTES = 16;
    private static final int LENGTH = 8;

    private final MemorySegment parts;

    public IoVector(int partCount) {
        this.parts = Arena.ofAuto().allocate((long) partCount * PART_BYTES, Long.BYTES);
    }

    public void part(int index, long address, long byteCount) {
        long at = (long) index * PART_BYTES;
        Wire.hostI64(parts, at, address);
        Wire.hostI64(parts, at + LENGTH, byteCount);
    }

    long address() {
        return parts.address();
    }
}
