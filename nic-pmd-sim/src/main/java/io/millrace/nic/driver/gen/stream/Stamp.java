package io.millrace.nic.driver.gen.stream;

import io.millrace.checksum.InternetChecksum;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// The last 16 bytes of a generated packet: which it is, and when it was meant to be sent.
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +-------------------------------+-----------+-------------------+
///  |             check             |1 0 1 0 1 0|      stream       |
///  +-------------------------------+-----------+-------------------+
///  |                        sequence number                        |
///  +---------------------------------------------------------------+
///  |                   intended sending time, ns                   |
///  |                                                               |
///  +---------------------------------------------------------------+
/// ```
///
/// `check` makes the ones' complement sum of the 16 bytes all ones, which is the same number as zero. So it tells a
/// stamp from other bytes, finds every damage of one bit or two neighbouring ones, and leaves the checksums of all
/// headers as they are, wherever the stamp lies.
public final class Stamp {

    public static final int BYTES = 16;
    public static final int STREAMS_MAX = 1024;

    private static final int MARK = 0b101010 << 10;
    private static final int MARK_MASK = 0b111111 << 10;

    public static void write(MemorySegment memory, long at, int stream, int sequence, long timeNs) {
        int id = MARK | stream;
        long sum = id + (sequence >>> 16) + (sequence & 0xffff) + (timeNs >>> 32) + (timeNs & 0xffff_ffffL);
        Wire.i32(memory, at, InternetChecksum.finish(sum) << 16 | id);
        Wire.i32(memory, at + 4, sequence);
        Wire.i64(memory, at + 8, timeNs);
    }

    /// True if the bytes are a stamp, undamaged.
    public static boolean isValid(MemorySegment memory, long at) {
        int head = Wire.i32(memory, at);
        if ((head & MARK_MASK) != MARK) return false;
        long sequence = Wire.u32(memory, at + 4);
        long timeNs = Wire.i64(memory, at + 8);
        long sum = Integer.toUnsignedLong(head) + sequence + (timeNs >>> 32) + (timeNs & 0xffff_ffffL);
        return InternetChecksum.isRight(sum);
    }

    public static int stream(MemorySegment memory, long at)    { return Wire.u16(memory, at + 2) & ~MARK_MASK; }
    public static int sequence(MemorySegment memory, long at)  { return Wire.i32(memory, at + 4); }
    public static long timeNs(MemorySegment memory, long at)   { return Wire.i64(memory, at + 8); }

    private Stamp() {}
}
