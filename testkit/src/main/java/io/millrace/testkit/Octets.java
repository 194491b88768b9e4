package io.millrace.testkit;

import java.util.Arrays;
import java.util.Objects;

/// Bytes being written one after the other in network order, and readers of a byte array in the same order.
public final class Octets {

    private byte[] bytes = new byte[64];
    private int count;

    public Octets u8(int value) {
        if (count == bytes.length) bytes = Arrays.copyOf(bytes, count * 2);
        bytes[count++] = (byte) value;
        return this;
    }

    public Octets u16(int value) { return u8(value >>> 8).u8(value); }
    public Octets u24(int value) { return u8(value >>> 16).u16(value); }
    public Octets u32(long value) { return u16((int) (value >>> 16)).u16((int) value); }
    public Octets u64(long value) { return u32(value >>> 32).u32(value); }

    public Octets bytes(byte... values) {
        for (byte value : values) {
            u8(value);
        }
        return this;
    }

    public Octets zeros(int zeroCount) {
        for (int i = 0; i < zeroCount; i++) {
            u8(0);
        }
        return this;
    }

    /// Appends zeros until the count is a multiple of `alignment`.
    public Octets padTo(int alignment) {
        return zeros((alignment - count % alignment) % alignment);
    }

    /// Overwrites one byte that was written before.
    public Octets set(int at, int value) {
        Objects.checkIndex(at, count);
        bytes[at] = (byte) value;
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
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }

    public static byte[] concat(byte[]... parts) {
        Octets all = new Octets();
        for (byte[] part : parts) {
            all.bytes(part);
        }
        return all.toBytes();
    }

    public static byte[] range(byte[] bytes, int at, int byteCount) {
        if (at < 0 || byteCount < 0 || at + byteCount > bytes.length) {
            throw new IndexOutOfBoundsException("bytes " + at + " to " + (at + byteCount) + " of " + bytes.length);
        }
        return Arrays.copyOfRange(bytes, at, at + byteCount);
    }
}
