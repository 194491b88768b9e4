package io.millrace.testkit;

/// Numbers of a byte array in the byte order of whoever wrote it.
record OrderedBytes(byte[] bytes, boolean isBigEndian) {

    int u16(int at) {
        int first = Octets.u8(bytes, at);
        int second = Octets.u8(bytes, at + 1);
        return isBigEndian ? first << 8 | second : second << 8 | first;
    }

    long u32(int at) {
        long first = u16(at);
        long second = u16(at + 2);
        return isBigEndian ? first << 16 | second : second << 16 | first;
    }

    /// A number that has no right to be larger than an int.
    int saturated32(int at) {
        return (int) Math.min(u32(at), Integer.MAX_VALUE);
    }

    long i64(int at) {
        long first = u32(at);
        long second = u32(at + 4);
        return isBigEndian ? first << 32 | second : second << 32 | first;
    }
}
