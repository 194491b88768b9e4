package io.millrace.nic.capture;

import java.lang.foreign.MemorySegment;

/// Layout of a classic pcap: a file header, then records of header and packet, unpadded. Everything that touches
/// their bytes (draft-ietf-opsawg-pcap; the longer records are A. Kuznetsov's, which some phones still write).
///
/// ```
///  file     0 u32 magic   4 u16 major   6 u16 minor   8 i32 zone   12 u32 digits   16 u32 snap length   20 u32 link
///  record   0 u32 seconds   4 u32 µs or ns   8 u32 captured bytes   12 u32 original bytes
///           modified: 16 u32 interface   20 u16 protocol   22 u8 packet type   23 u8 pad
///  link     bits 0-15 link type; if bit 26 is set, bits 28-31 are the length of the FCS in 16-bit words
/// ```
final class PcapFormat {

    static final int FILE_HEADER_BYTES = 24;
    static final int RECORD_HEADER_BYTES = 16;
    static final int MODIFIED_RECORD_HEADER_BYTES = 24;

    static final int MAGIC_MICROSECONDS = 0xa1b2c3d4;
    static final int MAGIC_NANOSECONDS = 0xa1b23c4d;
    static final int MAGIC_MODIFIED = 0xa1b2cd34;

    static final int MAJOR = 2;
    static final int MINOR = 4;
    /// Up to here writers put the two lengths of a record in the other order; at it, some did.
    static final int MINOR_SOMETIMES_SWAPPED = 3;

    static final int MAJOR_AT = 4;
    private static final int MINOR_AT = 6;
    private static final int ZONE_AT = 8;
    private static final int SNAP_BYTES_AT = 16;
    private static final int LINK_AT = 20;
    private static final int FRACTION_AT = 4;
    static final int CAPTURED_BYTES_AT = 8;
    private static final int ORIGINAL_BYTES_AT = 12;
    private static final int FCS_SAID = 1 << 26;
    private static final int FCS_WORDS_SHIFT = 28;

    static int magic(FieldOrder order, MemorySegment m, long at) { return order.i32(m, at); }
    static int major(FieldOrder order, MemorySegment m, long at) { return order.u16(m, at + MAJOR_AT); }
    static int minor(FieldOrder order, MemorySegment m, long at) { return order.u16(m, at + MINOR_AT); }

    static CaptureInterface fileInterface(FieldOrder order, MemorySegment m, long at) {
        int link = order.i32(m, at + LINK_AT);
        int fcsBytes = (link & FCS_SAID) == 0 ? 0 : (link >>> FCS_WORDS_SHIFT) * Short.BYTES;
        boolean isNs = magic(order, m, at) == MAGIC_NANOSECONDS;
        var scale = new TimeScale(isNs ? TimeScale.NANOSECONDS : TimeScale.MICROSECONDS, 0);
        return new CaptureInterface(link & 0xffff, order.u32(m, at + SNAP_BYTES_AT), "", scale, fcsBytes);
    }

    static long seconds(FieldOrder order, MemorySegment m, long at)  { return order.u32(m, at); }
    static long fraction(FieldOrder order, MemorySegment m, long at) { return order.u32(m, at + FRACTION_AT); }

    static long capturedBytes(FieldOrder order, MemorySegment m, long at) {
        return order.u32(m, at + CAPTURED_BYTES_AT);
    }

    static long originalBytes(FieldOrder order, MemorySegment m, long at) {
        return order.u32(m, at + ORIGINAL_BYTES_AT);
    }

    static void writeFileHeader(MemorySegment m, long at, CaptureInterface written) {
        boolean isNs = written.timeScale().resolution() == TimeScale.NANOSECONDS;
        int fcs = written.fcsBytes() == 0 ? 0 : FCS_SAID | written.fcsBytes() / Short.BYTES << FCS_WORDS_SHIFT;
        FieldOrder order = FieldOrder.LITTLE;
        order.i32(m, at, isNs ? MAGIC_NANOSECONDS : MAGIC_MICROSECONDS);
        order.u16(m, at + MAJOR_AT, MAJOR);
        order.u16(m, at + MINOR_AT, MINOR);
        order.i64(m, at + ZONE_AT, 0);   // and digits, which nobody ever used
        order.i32(m, at + SNAP_BYTES_AT, (int) written.snapBytes());
        order.i32(m, at + LINK_AT, fcs | written.linkType());
    }

    static void writeRecordHeader(MemorySegment m, long at, int seconds, int fraction, int captured, int original) {
        FieldOrder order = FieldOrder.LITTLE;
        order.i32(m, at, seconds);
        order.i32(m, at + FRACTION_AT, fraction);
        order.i32(m, at + CAPTURED_BYTES_AT, captured);
        order.i32(m, at + ORIGINAL_BYTES_AT, original);
    }

    private PcapFormat() {}
}
