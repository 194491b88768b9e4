package io.millrace.testkit;

import java.util.Arrays;
import java.util.Objects;

/// Bytes being written one after the other in network order, and readers of a byte array in the same order. A number
/// that does not fit its field is refused.
public final class Octets {

    private byte[] bytes = new byte[64];
    private int count;

    public Octets u8(int value) {
        return put(value, 1);
    }

    public Octets u16(int value) {
        return put(value, 2);
    }

    public Octets u24(int value) {
        return put(value, 3);
    }

    public Octets u32(long value) {
        return put(value, 4);
    }

    public Octets u64(long value) {
        return u32(value >>> 32).u32(value & 0xffffffffL);
    }

    public Octets bytes(byte... values) {
        if (count + values.length > bytes.length) bytes = Arrays.copyOf(bytes, (count + values.length) * 2);
        System.arraycopy(values, 0, bytes, count, values.length);
        count += values.length;
        return this;
    }

    public Octets zeros(int zeroCount) {
        return bytes(new byte[zeroCount]);
    }

    /// Appends zeros until the count is a multiple of `alignment`.
    public Octets padTo(int alignment) {
        return zeros((alignment - count % alignment) % alignment);
    }

    /// Overwrites one byte that was written before.
    public Octets set(int at, int value) {
        Objects.checkIndex(at, count);
        bytes[at] = (byte) Auto.fits("byte", value, 0xff);
        return this;
    }

    public int count() {
        return count;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, count);
    }

    public static int u8(byte[] bytes, int at)   { return bytes[at] & 0xff; }
    public static int u16(byte[] bytes, int at)  { return u8(bytes, at) << 8 | u8(bytes, at + 1); }
    public static int u24(byte[] bytes, int at)  { return u16(bytes, at) << 8 | u8(bytes, at + 2); }
    public static long u32(byte[] bytes, int at) { return (long) u16(bytes, at) << 16 | u16(bytes, at + 2); }

    /// Overwrites two bytes.
    public static void u16(byte[] bytes, int at, int value) {
        Auto.fits("16-bit field", value, 0xffff);
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }

    /// Overwrites four bytes.
    public static void u32(byte[] bytes, int at, long value) {
        u16(bytes, at, (int) (value >>> 16));
        u16(bytes, at + 2, (int) (value & 0xffff));
    }

    public static byte[] concat(byte[]... parts) {
        Octets all = new Octets();
        for (byte[] part : parts) {
            all.bytes(part);
        }
        return all.toBytes();
    }

    /// A copy of `byteCount` bytes; refuses a range that does not lie within the array.
    public static byte[] range(byte[] bytes, int at, int byteCount) {
        Objects.checkFromIndexSize(at, byteCount, bytes.length);
        return Arrays.copyOfRange(bytes, at, at + byteCount);
    }

    private Octets put(long value, int byteCount) {
        if (value >>> byteCount * 8 != 0) {
            throw new IllegalArgumentException("a field of " + byteCount + " bytes cannot hold " + value);
        }
        byte[] octets = new byte[byteCount];
        for (int i = 0; i < byteCount; i++) {
            octets[i] = (byte) (value >>> (byteCount - 1 - i) * 8);
        }
        return bytes(octets);
    }
}
