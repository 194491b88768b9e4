package io.millrace.packet.rss;

import io.millrace.packet.memory.Check;

import java.util.HexFormat;

/// The Toeplitz hash: for every bit of the input that is 1, the 32 bits of the key beginning at that bit, XORed.
/// The hash of an input is the XOR of the hashes of its bytes, each where it stands; those are looked up.
public final class Toeplitz {

    public static final int KEY_BYTES_MIN = 40;
    public static final int KEY_BYTES_MAX = 256;

    /// Key bytes that an input needs beyond its own length.
    public static final int WINDOW_BYTES = 4;

    private static final byte[] PUBLISHED_KEY = HexFormat.of().parseHex(
        "6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b477cb2da38030f20c6a42b73bbeac01fa");

    private final byte[] key;

    public Toeplitz(byte[] key) {
        Check.that(key.length >= KEY_BYTES_MIN, "key must have 40 to 256 bytes", key.length);
        Check.that(key.length <= KEY_BYTES_MAX, "key must have 40 to 256 bytes", key.length);
        this.key = key.clone();
    }

    /// The key of Microsoft's RSS verification suite, 40 bytes.
    public static byte[] publishedKey() {
        return PUBLISHED_KEY.clone();
    }

    public byte[] key() {
        return key.clone();
    }

    /// The longest input that the key reaches over.
    public int inputBytesMax() {
        return key.length - WINDOW_BYTES;
    }

    /// The hashes of all values of the input byte at `position`, at its value.
    int[] table(int position) {
        Check.that(position < inputBytesMax(), "input must end 4 bytes before the key", position);
        int[] table = new int[256];
        for (int bit = 7; bit >= 0; bit--) {
            int window = window(8 * position + bit);
            int weight = 0x80 >>> bit;
            for (int value = 0; value < weight; value++) table[weight + value] = table[value] ^ window;
        }
        return table;
    }

    /// 32 bits of the key from this bit on.
    private int window(int bit) {
        long five = 0;
        for (int i = 0; i < 5; i++) {
            int at = bit / 8 + i;
            five = five << 8 | (at < key.length ? key[at] & 0xff : 0);
        }
        return (int) (five >>> 8 - bit % 8);
    }
}
