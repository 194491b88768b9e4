package io.millrace.testkit;

/// Bytes being written one after the other, numbers in a chosen byte order.
final class OrderedOctets {

    private final Octets octets = new Octets();
    private final boolean isBigEndian;

    OrderedOctets(boolean isBigEndian) {
        this.isBigEndian = isBigEndian;
    }

    OrderedOctets u16(int value) {
        octets.u16(isBigEndian ? value : Integer.reverseBytes(value) >>> 16);
        return this;
    }

    OrderedOctets u32(long value) {
        octets.u32(isBigEndian ? value : Long.reverseBytes(value) >>> 32);
        return this;
    }

    OrderedOctets i64(long value) {
        octets.u64(isBigEndian ? value : Long.reverseBytes(value));
        return this;
    }

    OrderedOctets bytes(byte... values) {
        octets.bytes(values);
        return this;
    }

    OrderedOctets padTo(int alignment) {
        octets.padTo(alignment);
        return this;
    }

    int count() {
        return octets.count();
    }

    byte[] toBytes() {
        return octets.toBytes();
    }
}
