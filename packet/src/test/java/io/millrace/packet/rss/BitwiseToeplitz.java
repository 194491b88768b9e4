package io.millrace.packet.rss;

/// The definition, bit by bit.
final class BitwiseToeplitz {

    static int hash(byte[] key, byte[] input) {
        int hash = 0;
        for (int bit = 0; bit < 8 * input.length; bit++) {
            if (!isSet(input, bit)) continue;
            int window = 0;
            for (int i = 0; i < 32; i++) window = window << 1 | (isSet(key, bit + i) ? 1 : 0);
            hash ^= window;
        }
        return hash;
    }

    private static boolean isSet(byte[] bytes, int bit) {
        return (bytes[bit / 8] >> 7 - bit % 8 & 1) != 0;
    }

    private BitwiseToeplitz() {}
}
