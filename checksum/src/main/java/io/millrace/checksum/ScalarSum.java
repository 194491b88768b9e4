package io.millrace.checksum;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// The sum of [InternetChecksum] in plain 64-bit arithmetic.
///
/// Words are added in the machine's order, eight bytes at a time, as two halves of 32 bits so that no carry is lost;
/// the sum is brought into network order once, at the end (RFC 1071 section 2B).
final class ScalarSum {

    private static final long LOW_HALF = 0xffff_ffffL;

    static long sum(MemorySegment memory, long at, int byteCount) {
        assert byteCount >= 0 : byteCount;
        long sum = 0;
        int done = 0;
        for (; done <= byteCount - Long.BYTES; done += Long.BYTES) {
            long word = Wire.hostI64(memory, at + done);
            sum += (word & LOW_HALF) + (word >>> 32);
        }
        return toNetworkOrder(sum + tail(memory, at + done, byteCount - done));
    }

    /// The sum, in the machine's order, of fewer than eight bytes.
    static long tail(MemorySegment memory, long at, int byteCount) {
        long sum = 0;
        long next = at;
        if ((byteCount & 4) != 0) {
            sum += Integer.toUnsignedLong(Wire.hostI32(memory, next));
            next += 4;
        }
        if ((byteCount & 2) != 0) {
            sum += Wire.hostU16(memory, next);
            next += 2;
        }
        // The last byte alone is the first of its word, which is the low half of a little-endian one.
        if ((byteCount & 1) != 0) sum += Wire.u8(memory, next);
        return sum;
    }

    /// Folds a sum of words in the machine's (little-endian) order and swaps it.
    static long toNetworkOrder(long sum) {
        return Short.toUnsignedInt(Short.reverseBytes((short) InternetChecksum.fold(sum)));
    }

    private ScalarSum() {}
}
