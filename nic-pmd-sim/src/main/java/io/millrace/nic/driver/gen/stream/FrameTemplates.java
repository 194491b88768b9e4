package io.millrace.nic.driver.gen.stream;

import io.millrace.checksum.InternetChecksum;
import io.millrace.nic.driver.gen.layer.LayerStack;
import io.millrace.packet.memory.CacheLines;
import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.CacheLines.LINE_BYTES;

/// Finished frames, each beginning a cache line: one for every size, or one for every size of every flow. With each
/// come the sums under its checksums, so that whoever changes a field can finish them without looking at the frame.
final class FrameTemplates {

    static final long MEMORY_BYTES_MAX = 1L << 29;

    private final LayerStack layers;
    private final MemorySegment memory;
    private final int[] frameBytes;
    private final long[] at;
    private final int[] sums;         // by template, then checksum
    private final int checksumCount;
    private int count;

    /// @param copies how often every size is there
    FrameTemplates(Arena arena, LayerStack layers, SizeMix sizes, byte[] pattern, int blankBytes, int copies) {
        long bytes = memoryBytes(sizes, copies);
        Check.that(bytes <= MEMORY_BYTES_MAX, "frames of all sizes together must have at most " + MEMORY_BYTES_MAX
            + " bytes", bytes);
        this.layers = layers;
        this.memory = arena.allocate(bytes, LINE_BYTES);
        this.checksumCount = layers.checksumCount();
        this.frameBytes = new int[sizes.count() * copies];
        this.at = new long[frameBytes.length];
        this.sums = new int[frameBytes.length * checksumCount];
        long nextAt = 0;
        for (int copy = 0; copy < copies; copy++) {
            for (int size : sizes.frameBytes()) {
                if (copy == 0) {
                    layers.write(memory, nextAt, size, pattern, blankBytes);
                } else {
                    MemorySegment.copy(memory, at[count % sizes.count()], memory, nextAt, size);
                }
                add(nextAt, size, copy == 0 ? -1 : count % sizes.count());
                nextAt += (long) CacheLines.count(size) * LINE_BYTES;
            }
        }
    }

    static long memoryBytes(SizeMix sizes, int copies) {
        long lines = 0;
        for (int size : sizes.frameBytes()) lines += CacheLines.count(size);
        return lines * LINE_BYTES * copies;
    }

    private void add(long frameAt, int size, int original) {
        at[count] = frameAt;
        frameBytes[count] = size;
        for (int i = 0; i < checksumCount; i++) {
            sums[count * checksumCount + i] = original >= 0 ? sums[original * checksumCount + i]
                : baseSum(frameAt, size, i);
        }
        count++;
    }

    /// The sum under a checksum without the checksum itself.
    private int baseSum(long frameAt, int size, int checksum) {
        long withChecksum = layers.checksumSum(checksum, memory, frameAt, size);
        long own = Wire.u16(memory, frameAt + layers.checksumAt(checksum));
        return InternetChecksum.fold(
            InternetChecksum.without(withChecksum, own));
    }

    MemorySegment memory()                   { return memory; }
    int frameBytes(int template)             { return frameBytes[template]; }
    long at(int template)                    { return at[template]; }

    int sum(int template, int checksum) {
        return sums[template * checksumCount + checksum];
    }

    /// A field of the frame changed by this much.
    void addTo(int template, int checksum, long sum) {
        int index = template * checksumCount + checksum;
        sums[index] = InternetChecksum.fold(sums[index] + sum);
    }
}
