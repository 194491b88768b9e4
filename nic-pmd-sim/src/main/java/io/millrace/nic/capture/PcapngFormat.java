package io.millrace.nic.capture;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Layout of pcapng: blocks of type, length, body and length again, each a multiple of 4 bytes, in sections that begin
/// with a section header and its byte order. Everything that touches their bytes (draft-ietf-opsawg-pcapng).
///
/// ```
///  block       0 u32 type   4 u32 total bytes   8 body …   total - 4 u32 total bytes
///  section     8 u32 byte-order magic   12 u16 major   14 u16 minor   16 i64 section bytes   24 options
///  interface   8 u16 link type   10 u16 reserved   12 u32 snap length   16 options
///  enhanced    8 u32 interface   12 u32 time high   16 u32 time low   20 u32 captured   24 u32 original   28 packet
///  obsolete    8 u16 interface   10 u16 drops   12 … as enhanced
///  simple      8 u32 original   12 packet
///  option      0 u16 code   2 u16 bytes   4 value, padded to 4 bytes
/// ```
final class PcapngFormat {

    static final int SECTION = 0x0a0d0d0a;   // reads the same in both byte orders
    static final int INTERFACE = 1;
    static final int OBSOLETE_PACKET = 2;
    static final int SIMPLE_PACKET = 3;
    static final int ENHANCED_PACKET = 6;

    static final int MAJOR = 1;
    static final int ALIGNMENT = 4;
    static final int TRAILER_BYTES = 4;

    static final int BLOCK_BYTES_MIN = 12;
    static final int SECTION_BYTES_MIN = 28;
    static final int INTERFACE_BYTES_MIN = 20;
    static final int PACKET_BYTES_MIN = 32;
    static final int SIMPLE_BYTES_MIN = 16;
    /// No block keeps fixed fields behind this.
    static final int FIXED_BYTES_MAX = PACKET_BYTES_MIN;

    static final int TOTAL_BYTES_AT = 4;
    static final int BYTE_ORDER_MAGIC_AT = 8;
    static final int MAJOR_AT = 12;
    private static final int MINOR_AT = 14;
    private static final int SECTION_BYTES_AT = 16;
    private static final int LINK_TYPE_AT = 8;
    private static final int SNAP_BYTES_AT = 12;
    static final int INTERFACE_OPTIONS_AT = 16;
    static final int PACKET_INTERFACE_AT = 8;
    private static final int TIME_HIGH_AT = 12;
    private static final int TIME_LOW_AT = 16;
    static final int CAPTURED_BYTES_AT = 20;
    private static final int ORIGINAL_BYTES_AT = 24;
    static final int PACKET_DATA_AT = 28;
    static final int SIMPLE_ORIGINAL_BYTES_AT = 8;
    static final int SIMPLE_DATA_AT = 12;

    static final int OPTION_HEADER_BYTES = 4;
    static final int OPTION_END = 0;
    static final int OPTION_COMMENT = 1;
    static final int OPTION_IF_NAME = 2;
    static final int OPTION_IF_TSRESOL = 9;
    static final int OPTION_IF_FCSLEN = 13;
    static final int OPTION_IF_TSOFFSET = 14;
    static final int OPTION_EPB_FLAGS = 2;

    private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
    private static final long SECTION_BYTES_UNKNOWN = -1;
    private static final FieldOrder ORDER = FieldOrder.LITTLE;   // of what is written

    static boolean isPcapng(FileWindow window) {
        return window.reaches(0, Integer.BYTES) && FieldOrder.BIG.i32(window.segment(), 0) == SECTION;
    }

    static boolean isPacket(int type) {
        return type == ENHANCED_PACKET || type == SIMPLE_PACKET || type == OBSOLETE_PACKET;
    }

    /// The order of the section whose header is at `at`, or null if its magic is none.
    static FieldOrder sectionOrder(MemorySegment m, long at) {
        for (FieldOrder order : FieldOrder.values()) {
            if (byteOrderMagic(order, m, at) == BYTE_ORDER_MAGIC) return order;
        }
        return null;
    }

    static int type(FieldOrder order, MemorySegment m, long at)        { return order.i32(m, at); }
    static long totalBytes(FieldOrder order, MemorySegment m, long at) { return order.u32(m, at + TOTAL_BYTES_AT); }
    static long trailingBytes(FieldOrder order, MemorySegment m, long at) { return order.u32(m, at); }

    static int byteOrderMagic(FieldOrder order, MemorySegment m, long at) {
        return order.i32(m, at + BYTE_ORDER_MAGIC_AT);
    }

    static int major(FieldOrder order, MemorySegment m, long at)       { return order.u16(m, at + MAJOR_AT); }
    static int minor(FieldOrder order, MemorySegment m, long at)       { return order.u16(m, at + MINOR_AT); }

    static int linkType(FieldOrder order, MemorySegment m, long at)    { return order.u16(m, at + LINK_TYPE_AT); }
    static long snapBytes(FieldOrder order, MemorySegment m, long at)  { return order.u32(m, at + SNAP_BYTES_AT); }

    static long enhancedInterface(FieldOrder order, MemorySegment m, long at) {
        return order.u32(m, at + PACKET_INTERFACE_AT);
    }

    static int obsoleteInterface(FieldOrder order, MemorySegment m, long at) {
        return order.u16(m, at + PACKET_INTERFACE_AT);
    }

    static long ticks(FieldOrder order, MemorySegment m, long at) {
        return order.u32(m, at + TIME_HIGH_AT) << Integer.SIZE | order.u32(m, at + TIME_LOW_AT);
    }

    static long capturedBytes(FieldOrder order, MemorySegment m, long at) {
        return order.u32(m, at + CAPTURED_BYTES_AT);
    }

    static long originalBytes(FieldOrder order, MemorySegment m, long at) {
        return order.u32(m, at + ORIGINAL_BYTES_AT);
    }

    static long simpleOriginalBytes(FieldOrder order, MemorySegment m, long at) {
        return order.u32(m, at + SIMPLE_ORIGINAL_BYTES_AT);
    }

    static int optionCode(FieldOrder order, MemorySegment m, long at)  { return order.u16(m, at); }
    static int optionBytes(FieldOrder order, MemorySegment m, long at) { return order.u16(m, at + 2); }

    static int optionByte(MemorySegment m, long at)                    { return Wire.u8(m, at); }
    static long optionLong(FieldOrder order, MemorySegment m, long at) { return order.i64(m, at); }

    static void writeSection(MemorySegment m, long at) {
        ORDER.i32(m, at, SECTION);
        ORDER.i32(m, at + TOTAL_BYTES_AT, SECTION_BYTES_MIN);
        ORDER.i32(m, at + BYTE_ORDER_MAGIC_AT, BYTE_ORDER_MAGIC);
        ORDER.u16(m, at + MAJOR_AT, MAJOR);
        ORDER.u16(m, at + MINOR_AT, 0);
        ORDER.i64(m, at + SECTION_BYTES_AT, SECTION_BYTES_UNKNOWN);
        ORDER.i32(m, at + SECTION_BYTES_MIN - TRAILER_BYTES, SECTION_BYTES_MIN);
    }

    /// Bytes of the options of an interface to be written, its end included.
    static int interfaceOptionBytes(CaptureInterface written, byte[] name) {
        int byteCount = OPTION_HEADER_BYTES;
        if (name.length > 0) byteCount += optionBlockBytes(name.length);
        if (written.timeScale().resolution() != TimeScale.MICROSECONDS) byteCount += optionBlockBytes(1);
        if (written.timeScale().offsetSeconds() != 0) byteCount += optionBlockBytes(Long.BYTES);
        if (written.fcsBytes() != 0) byteCount += optionBlockBytes(1);
        return byteCount;
    }

    static void writeInterface(MemorySegment m, long at, int totalBytes, CaptureInterface written, byte[] name) {
        ORDER.i32(m, at, INTERFACE);
        ORDER.i32(m, at + TOTAL_BYTES_AT, totalBytes);
        ORDER.i32(m, at + LINK_TYPE_AT, written.linkType());   // and 16 reserved bits
        ORDER.i32(m, at + SNAP_BYTES_AT, (int) written.snapBytes());
        long next = at + INTERFACE_OPTIONS_AT;
        if (name.length > 0) next = writeOption(m, next, OPTION_IF_NAME, name);
        int resolution = written.timeScale().resolution();
        if (resolution != TimeScale.MICROSECONDS) next = writeByteOption(m, next, OPTION_IF_TSRESOL, resolution);
        if (written.timeScale().offsetSeconds() != 0) {
            writeOptionHeader(m, next, OPTION_IF_TSOFFSET, Long.BYTES);
            ORDER.i64(m, next + OPTION_HEADER_BYTES, written.timeScale().offsetSeconds());
            next += optionBlockBytes(Long.BYTES);
        }
        if (written.fcsBytes() != 0) next = writeByteOption(m, next, OPTION_IF_FCSLEN, written.fcsBytes());
        writeOptionHeader(m, next, OPTION_END, 0);
        ORDER.i32(m, next + OPTION_HEADER_BYTES, totalBytes);
    }

    static void writePacketHead(MemorySegment m, long at, int totalBytes, int interfaceIndex, long ticks,
                                int capturedBytes, int originalBytes) {
        ORDER.i32(m, at, ENHANCED_PACKET);
        ORDER.i32(m, at + TOTAL_BYTES_AT, totalBytes);
        ORDER.i32(m, at + PACKET_INTERFACE_AT, interfaceIndex);
        ORDER.i32(m, at + TIME_HIGH_AT, (int) (ticks >>> Integer.SIZE));
        ORDER.i32(m, at + TIME_LOW_AT, (int) ticks);
        ORDER.i32(m, at + CAPTURED_BYTES_AT, capturedBytes);
        ORDER.i32(m, at + ORIGINAL_BYTES_AT, originalBytes);
    }

    /// Bytes of the options of a packet to be written; without any there is no end of them either.
    static int packetOptionBytes(int direction, byte[] comment) {
        int byteCount = direction == 0 && comment.length == 0 ? 0 : OPTION_HEADER_BYTES;
        if (comment.length > 0) byteCount += optionBlockBytes(comment.length);
        if (direction != 0) byteCount += optionBlockBytes(Integer.BYTES);
        return byteCount;
    }

    static void writePacketTail(MemorySegment m, long at, int paddingBytes, int direction, byte[] comment,
                                int totalBytes) {
        long next = at;
        for (; next < at + paddingBytes; next++) {
            Wire.u8(m, next, 0);
        }
        if (comment.length > 0) next = writeOption(m, next, OPTION_COMMENT, comment);
        if (direction != 0) {
            writeOptionHeader(m, next, OPTION_EPB_FLAGS, Integer.BYTES);
            ORDER.i32(m, next + OPTION_HEADER_BYTES, direction);
            next += optionBlockBytes(Integer.BYTES);
        }
        if (direction != 0 || comment.length > 0) {
            writeOptionHeader(m, next, OPTION_END, 0);
            next += OPTION_HEADER_BYTES;
        }
        ORDER.i32(m, next, totalBytes);
    }

    private static long writeByteOption(MemorySegment m, long at, int code, int value) {
        writeOptionHeader(m, at, code, 1);
        ORDER.i32(m, at + OPTION_HEADER_BYTES, value);   // little endian: the byte, then its padding
        return at + optionBlockBytes(1);
    }

    private static long writeOption(MemorySegment m, long at, int code, byte[] value) {
        writeOptionHeader(m, at, code, value.length);
        long end = at + optionBlockBytes(value.length);
        ORDER.i32(m, end - ALIGNMENT, 0);                // the padding; the value comes over it
        for (int i = 0; i < value.length; i++) {
            Wire.u8(m, at + OPTION_HEADER_BYTES + i, value[i]);
        }
        return end;
    }

    private static void writeOptionHeader(MemorySegment m, long at, int code, int valueBytes) {
        ORDER.u16(m, at, code);
        ORDER.u16(m, at + 2, valueBytes);
    }

    private static int optionBlockBytes(int valueBytes) {
        return OPTION_HEADER_BYTES + padded(valueBytes);
    }

    static int padded(int byteCount) {
        return byteCount + ALIGNMENT - 1 & -ALIGNMENT;
    }

    private PcapngFormat() {}
}
