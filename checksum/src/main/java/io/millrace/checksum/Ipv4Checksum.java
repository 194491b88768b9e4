package io.millrace.checksum;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// The checksum of an IPv4 header, options included (RFC 791). `headerAt` is where the header begins in the segment;
/// the caller has checked that its whole length lies there.
public final class Ipv4Checksum {

    private static final int CHECKSUM = 10;

    /// True if the header's checksum is the one its bytes ask for.
    public static boolean isRight(MemorySegment memory, long headerAt) {
        return InternetChecksum.isRight(InternetChecksum.sum(memory, headerAt, headerBytes(memory, headerAt)));
    }

    /// The value that the field should hold, whatever it holds now.
    public static int compute(MemorySegment memory, long headerAt) {
        int behindAt = CHECKSUM + 2;
        return InternetChecksum.finish(InternetChecksum.sum(memory, headerAt, CHECKSUM)
            + InternetChecksum.sum(memory, headerAt + behindAt, headerBytes(memory, headerAt) - behindAt));
    }

    /// Computes the checksum and stores it.
    public static void fill(MemorySegment memory, long headerAt) {
        Wire.u16(memory, headerAt + CHECKSUM, compute(memory, headerAt));
    }

    private static int headerBytes(MemorySegment memory, long headerAt) {
        return (Wire.u8(memory, headerAt) & 0x0f) * 4;
    }

    private Ipv4Checksum() {}
}
