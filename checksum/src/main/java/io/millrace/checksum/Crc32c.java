package io.millrace.checksum;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// CRC32c, the Castagnoli CRC that SCTP carries (RFC 9260 appendix A): reflected, polynomial 0x1EDC6F41.
///
/// ```
/// int crc = Crc32c.finish(Crc32c.update(Crc32c.INITIAL, memory, at, byteCount));   // "123456789" gives 0xE3069283
/// ```
///
/// Eight bytes a step by eight tables (Kounavis and Berry, 2005): table `k` says what a byte does to the CRC when `k`
/// zero bytes follow it. A CRC has no use for ones' complement sums, nor they for it.
public final class Crc32c {

    public static final int INITIAL = -1;

    private static final int REVERSED_POLYNOMIAL = 0x82f63b78;
    private static final int TABLE_ENTRIES = 256;
    private static final int[] TABLES = tables();

    /// The register after `byteCount` more bytes from `at` in the segment.
    public static int update(int register, MemorySegment memory, long at, int byteCount) {
        int crc = register;
        int wholeBytes = byteCount & -Long.BYTES;
        for (int done = 0; done < wholeBytes; done += Long.BYTES) {
            long word = Wire.hostI64(memory, at + done);
            crc = eightBytes(crc ^ (int) word, (int) (word >>> 32));
        }
        for (int done = wholeBytes; done < byteCount; done++) {
            crc = oneByte(crc, Wire.u8(memory, at + done));
        }
        return crc;
    }

    /// The register after `byteCount` bytes of zero.
    public static int updateZeros(int register, int byteCount) {
        int crc = register;
        for (int done = 0; done < byteCount; done++) {
            crc = oneByte(crc, 0);
        }
        return crc;
    }

    /// The CRC, as a number. On the wire its lowest byte goes first: see [#toWire].
    public static int finish(int register) {
        return ~register;
    }

    /// The CRC as the 32 bits that a header carries, read in network order.
    public static int toWire(int crc) {
        return Integer.reverseBytes(crc);
    }

    private static int eightBytes(int first, int second) {
        return TABLES[7 * TABLE_ENTRIES + (first & 0xff)]
            ^ TABLES[6 * TABLE_ENTRIES + (first >>> 8 & 0xff)]
            ^ TABLES[5 * TABLE_ENTRIES + (first >>> 16 & 0xff)]
            ^ TABLES[4 * TABLE_ENTRIES + (first >>> 24)]
            ^ TABLES[3 * TABLE_ENTRIES + (second & 0xff)]
            ^ TABLES[2 * TABLE_ENTRIES + (second >>> 8 & 0xff)]
            ^ TABLES[TABLE_ENTRIES + (second >>> 16 & 0xff)]
            ^ TABLES[second >>> 24];
    }

    private static int oneByte(int crc, int value) {
        return crc >>> 8 ^ TABLES[(crc ^ value) & 0xff];
    }

    private static int[] tables() {
        int[] tables = new int[8 * TABLE_ENTRIES];
        for (int value = 0; value < TABLE_ENTRIES; value++) {
            int crc = value;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ REVERSED_POLYNOMIAL & -(crc & 1);
            }
            tables[value] = crc;
        }
        for (int i = TABLE_ENTRIES; i < tables.length; i++) {
            int shorter = tables[i - TABLE_ENTRIES];
            tables[i] = shorter >>> 8 ^ tables[shorter & 0xff];
        }
        return tables;
    }

    private Crc32c() {}
}
