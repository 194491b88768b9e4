package io.millrace.packet.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Gives heap memory: a stress test makes a state a microsecond; only the garbage collector takes them back as fast.
final class HeapArena implements Arena {

    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
        return MemorySegment.ofArray(new long[Math.toIntExact((byteSize + 7) / 8)]);
    }

    @Override
    public MemorySegment.Scope scope() {
        return Arena.global().scope();
    }

    @Override
    public void close() {}
}
