package io.millrace.packet.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Access to packet memory. The only class that names a byte order: `u8`, `u16`, `i32`, `i64` read and write
/// network order, the `host` forms the machine's own order (metadata, rings, tables: never a byte of a frame).
///
/// Every access is checked against the segment's bounds; nothing here can read or write outside of it.
public final class Wire {

    private static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort HOST_U16 = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt HOST_I32 = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong HOST_I64 = ValueLayout.JAVA_LONG_UNALIGNED;

    public static int u8(MemorySegment m, long at)   { return Byte.toUnsignedInt(m.get(U8, at)); }
    public static int u16(MemorySegment m, long at)  { return Short.toUnsignedInt(m.get(U16, at)); }
    public static int i32(MemorySegment m, long at)  { return m.get(I32, at); }
    public static long u32(MemorySegment m, long at) { return Integer.toUnsignedLong(m.get(I32, at)); }
    public static long i64(MemorySegment m, long at) { return m.get(I64, at); }

    /// A MAC address: 48 bits in the low end of the `long`.
    public static long u48(MemorySegment m, long at) {
        return (long) u16(m, at) << 32 | u32(m, at + 2);
    }

    public static void u8(MemorySegment m, long at, int value)   { m.set(U8, at, (byte) value); }
    public static void u16(MemorySegment m, long at, int value)  { m.set(U16, at, (short) value); }
    public static void i32(MemorySegment m, long at, int value)  { m.set(I32, at, value); }
    public static void i64(MemorySegment m, long at, long value) { m.set(I64, at, value); }

    public static void u48(MemorySegment m, long at, long value) {
        u16(m, at, (int) (value >>> 32));
        i32(m, at + 2, (int) value);
    }

    public static int hostU16(MemorySegment m, long at)  { return Short.toUnsignedInt(m.get(HOST_U16, at)); }
    public static int hostI32(MemorySegment m, long at)  { return m.get(HOST_I32, at); }
    public static long hostI64(MemorySegment m, long at) { return m.get(HOST_I64, at); }

    public static void hostU16(MemorySegment m, long at, int value)  { m.set(HOST_U16, at, (short) value); }
    public static void hostI32(MemorySegment m, long at, int value)  { m.set(HOST_I32, at, value); }
    public static void hostI64(MemorySegment m, long at, long value) { m.set(HOST_I64, at, value); }

    /// Two numbers of 16 bits and one of 32 as the `long` that, written with [#hostI64], puts them at +0, +2 and +4.
    static long hostGroup(int u16At0, int u16At2, int i32At4) {
        assert ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        return (u16At0 & 0xffffL) | (u16At2 & 0xffffL) << 16 | (long) i32At4 << 32;
    }

    /// Copies bytes; the ranges may overlap.
    public static void copy(MemorySegment from, long fromAt, MemorySegment to, long toAt, long byteCount) {
        MemorySegment.copy(from, fromAt, to, toAt, byteCount);
    }

    private Wire() {}
}
