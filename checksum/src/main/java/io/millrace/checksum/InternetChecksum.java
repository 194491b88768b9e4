package io.millrace.checksum;

import java.lang.foreign.MemorySegment;

/// The ones' complement sum of RFC 1071 over a range of memory, and its arithmetic.
///
/// A *sum* is a `long` that is not negative: the 16-bit words of the range, read in network order and added. Sums of
/// ranges that begin on even bytes are joined with `+`, two billion of them before a `long` overflows; one that begins
/// on an odd byte goes through [#atOddByte] first. [#fold] brings a sum to 16 bits, [#finish] gives the value that a
/// header carries, [#isRight] says whether a range that contains its own checksum is intact.
///
/// ```
/// long sum = InternetChecksum.sum(memory, at, 20);      // with the field set to 0
/// int checksum = InternetChecksum.finish(sum);
/// ```
///
/// An odd last byte counts as the high byte of a word. 0x0000 and 0xFFFF are the same number here; the sum of bytes
/// that are not all zero never folds to 0x0000.
public final class InternetChecksum {

    /// What a range that contains its right checksum folds to.
    private static final int ALL_ONES = 0xffff;

    private static final boolean HAS_VECTORS = findVectors();

    /// The sum of `byteCount` bytes from `at` in the segment; less than 2^32, and 0 only if every byte is 0.
    public static long sum(MemorySegment memory, long at, int byteCount) {
        // No length is left to plain arithmetic: one vector costs what two plain reads cost, and a compiled method that
        // holds both ways takes a nanosecond longer for each sum than the shortest could save.
        return HAS_VECTORS ? VectorSum.sum(memory, at, byteCount) : ScalarSum.sum(memory, at, byteCount);
    }

    /// True if sums are taken with `jdk.incubator.vector`; false where the module is not in the running system.
    public static boolean hasVectors() {
        return HAS_VECTORS;
    }

    /// A sum as it counts when its range begins on an odd byte of what it is joined with.
    public static long atOddByte(long sum) {
        return Short.toUnsignedInt(Short.reverseBytes((short) fold(sum)));
    }

    /// The sum of two adjacent ranges, of which the first is `firstBytes` long.
    public static long join(long first, int firstBytes, long second) {
        return first + ((firstBytes & 1) == 0 ? second : atOddByte(second));
    }

    /// The sum without a part of its range that began on an even byte; `part` is that part's sum.
    public static long without(long sum, long part) {
        return sum + (ALL_ONES ^ fold(part));
    }

    /// The sum in 16 bits, not complemented.
    public static int fold(long sum) {
        assert sum >= 0 : sum;
        int sum32 = (int) (sum + Long.rotateRight(sum, 32) >>> 32);   // the halves added, their carry added in
        return sum32 + Integer.rotateRight(sum32, 16) >>> 16;
    }

    /// The value to store in a checksum field: the complement of the folded sum.
    public static int finish(long sum) {
        return ALL_ONES ^ fold(sum);
    }

    /// The value to store in a field where 0 means "no checksum", as in UDP: 0 is sent as 0xFFFF.
    public static int finishNotZero(long sum) {
        int checksum = finish(sum);
        return checksum == 0 ? ALL_ONES : checksum;
    }

    /// True if `sum`, taken over a range with its checksum in place (and its pseudo header), says the range is intact.
    public static boolean isRight(long sum) {
        return fold(sum) == ALL_ONES;
    }

    private static boolean findVectors() {
        try {
            Class.forName("jdk.incubator.vector.LongVector", false, InternetChecksum.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }

    private InternetChecksum() {}
}
