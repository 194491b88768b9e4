package io.millrace.simulation.frame;

/// Numbers in network order in an array of bytes.
public final class Octets {

    public static int u8(byte[] bytes, int at) {
        return Byte.toUnsignedInt(bytes[at]);
    }

    public static int u16(byte[] bytes, int at) {
        return u8(bytes, at) << 8 | u8(bytes, at + 1);
    }

    public static int i32(byte[] bytes, int at) {
        return u16(bytes, at) << 16 | u16(bytes, at + 2);
    }

    public static long u48(byte[] bytes, int at) {
        return (long) u16(bytes, at) << 32 | i32(bytes, at + 2) & 0xffff_ffffL;
    }

    public static long i64(byte[] bytes, int at) {
        return (long) i32(bytes, at) << 32 | i32(bytes, at + 4) & 0xffff_ffffL;
    }

    public static void u8(byte[] bytes, int at, int value) {
        bytes[at] = (byte) value;
    }

    public static void u16(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }

    public static void i32(byte[] bytes, int at, int value) {
        u16(bytes, at, value >>> 16);
        u16(bytes, at + 2, value);
    }

    public static void u48(byte[] bytes, int at, long value) {
        u16(bytes, at, (int) (value >>> 32));
        i32(bytes, at + 2, (int) value);
    }

    public static void i64(byte[] bytes, int at, long value) {
        i32(bytes, at, (int) (value >>> 32));
        i32(bytes, at + 4, (int) value);
    }

    private Octets() {}
}
