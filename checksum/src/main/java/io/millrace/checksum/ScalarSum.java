package io.millrace.checksum;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// The sum of [InternetChecksum] in plain 64-bit arithmetic.
///
/// Words are added in the machine's order, eight bytes at a time, as two halves of 32 bits so that no carry is lost;
/// the sum is brought into network order once, at the end (RFC 1071 section 2B). HotSpot turns the loop into vector
/// instructions as long as it stays this simple.
final class ScalarSum {

    private static final long LOW_HALF = 0xffff_ffffL;

    /// The sum of `byteCount` bytes from `at`; less than 2^32.
    static long sum(MemorySegment memory, long at, int byteCount) {
        assert byteCount >= 0 : byteCount;
        long sum = 0;
        int wholeBytes = byteCount & -Long.BYTES;
        for (int done = 0; done < wholeBytes; done += Long.BYTES) {
            long word = Wire.hostI64(memory, at + done);
            sum += (word & LOW_HALF) + (word >>> 32);
        }
        return toNetworkOrder(sum + tail(memory, at + wholeBytes, byteCount - wholeBytes));
    }

    /// Fewer than eight bytes, in the machine's order.
    private static long tail(MemorySegment memory, long at, int byteCount) {
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

    /// A sum of little-endian words as the sum of the same words in network order. Reversing 32 bits also exchanges
    /// the two words in them, which their sum does not notice.
    static long toNetworkOrder(long sum) {
        int sum32 = (int) (sum + Long.rotateRight(sum, 32) >>> 32);
        return Integer.toUnsignedLong(Integer.reverseBytes(sum32));
    }

    private ScalarSum() {}
}
