package io.millrace.packet.memory;

import java.lang.foreign.MemorySegment;

/// The copy of one cache line, for what is done to every packet: beginning its metadata, bringing in a short frame.
///
/// [Wire#copy] takes longer there than the bytes do: it is a call, and what was in registers must be loaded again after
/// it. Several long stores are worse, because HotSpot stops inlining where a loop holds some twenty accesses to
/// segments. The number of bytes is fixed for a like reason: a loop that asks for it keeps nothing in registers.
public final class CacheLines {

    public static final int LINE_BYTES = 64;

    private static final boolean HAS_VECTORS = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    /// Copies [#LINE_BYTES]; the ranges must not overlap.
    public static void copyOne(MemorySegment source, long sourceAt, MemorySegment target, long targetAt) {
        if (HAS_VECTORS) {
            VectorLines.copyOne(source, sourceAt, target, targetAt);
        } else {
            Wire.copy(source, sourceAt, target, targetAt, LINE_BYTES);
        }
    }

    /// Lines that `byteCount` bytes touch where they begin at one.
    public static int count(int byteCount) {
        return (byteCount + LINE_BYTES - 1) / LINE_BYTES;
    }

    private CacheLines() {}
}
