package io.millrace.simulation.frame;

import io.millrace.packet.address.IpAddress;

/// The internet checksum (RFC 1071), word by word: slow, plain, and nobody else's.
public final class OnesSum {

    /// What a field over these bytes must hold; the field itself is zero.
    public static int checksum(byte[] bytes, int at, int byteCount) {
        return ~fold(sum(bytes, at, byteCount)) & 0xffff;
    }

    /// The same of a transport message, with its pseudo-header.
    public static int transport(IpAddress source, IpAddress target, int protocol, byte[] bytes, int at,
                                int byteCount) {
        long sum = sum(bytes, at, byteCount) + addressSum(source) + addressSum(target) + protocol + byteCount;
        return ~fold(sum) & 0xffff;
    }

    private static long sum(byte[] bytes, int at, int byteCount) {
        long sum = 0;
        for (int i = 0; i + 1 < byteCount; i += 2) sum += Octets.u16(bytes, at + i);
        if (byteCount % 2 == 1) sum += Octets.u8(bytes, at + byteCount - 1) << 8;
        return sum;
    }

    private static long addressSum(IpAddress address) {
        long sum = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 16) {
            sum += (address.high() >>> shift & 0xffff) + (address.low() >>> shift & 0xffff);
        }
        return sum;
    }

    private static int fold(long sum) {
        while (sum >>> 16 != 0) sum = (sum >>> 16) + (sum & 0xffff);
        return (int) sum;
    }

    private OnesSum() {}
}
