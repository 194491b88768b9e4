package io.millrace.checksum;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/// The sum of [InternetChecksum] with the machine's widest vectors. The only class that names the incubating module
/// `jdk.incubator.vector`; nobody loads it where the module is absent.
///
/// Of every 64-bit word two sums are kept: of the whole words, in which carries are lost, and of their high halves,
/// in which none can be. The sum of the low halves is the first less the second shifted up. That is one operation a
/// word less than adding both halves.
///
/// The last vector reads over the end of the range, but never over the end of the segment, and drops what it read too
/// much.
final class VectorSum {

    private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;
    private static final int VECTOR_BYTES = SPECIES.vectorByteSize();
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    /// A vector of ones and then one of zeros: read `VECTOR_BYTES - n` bytes in, it keeps the first `n` bytes.
    private static final MemorySegment KEEP = Arena.global().allocate(2L * VECTOR_BYTES, VECTOR_BYTES);

    static {
        KEEP.asSlice(0, VECTOR_BYTES).fill((byte) 0xff);
    }

    /// As [ScalarSum#sum].
    static long sum(MemorySegment memory, long at, int byteCount) {
        assert byteCount >= 0 : byteCount;
        // Only at the end of the whole packet memory; compiled away until it happens.
        if (at + byteCount + VECTOR_BYTES > memory.byteSize()) return ScalarSum.sum(memory, at, byteCount);
        LongVector words = LongVector.zero(SPECIES);
        LongVector highs = words;
        int wholeBytes = Math.max(0, byteCount - 1) & -VECTOR_BYTES;   // leaves 1 to VECTOR_BYTES for the last
        for (int done = 0; done < wholeBytes; done += VECTOR_BYTES) {
            LongVector word = LongVector.fromMemorySegment(SPECIES, memory, at + done, ORDER);
            words = words.add(word);
            highs = highs.add(word.lanewise(VectorOperators.LSHR, 32));
        }
        // Here and not in a method: one that is not inlined would have to give back its vector in an object.
        LongVector keep = LongVector.fromMemorySegment(SPECIES, KEEP, VECTOR_BYTES - byteCount + wholeBytes, ORDER);
        LongVector word = LongVector.fromMemorySegment(SPECIES, memory, at + wholeBytes, ORDER).and(keep);
        words = words.add(word);
        highs = highs.add(word.lanewise(VectorOperators.LSHR, 32));
        LongVector lows = words.sub(highs.lanewise(VectorOperators.LSHL, 32));
        return ScalarSum.toNetworkOrder(lows.add(highs).reduceLanes(VectorOperators.ADD));
    }

    private VectorSum() {}
}
