package io.millrace.flow.rules;

import java.math.BigInteger;

/// Numbers as 32-bit words, most significant first, as they lie in registers.
final class Words {

    /// Registers that there are, and so words of the widest key.
    static final int MAX = 64;

    static int count(int bits) {
        return (bits + 31) / 32;
    }

    static void of(BigInteger number, int words, int[] target, int at) {
        for (int i = 0; i < words; i++) {
            target[at + i] = number.shiftRight(32 * (words - 1 - i)).intValue();
        }
    }

    static int[] of(BigInteger number, int words) {
        int[] target = new int[words];
        of(number, words, target, 0);
        return target;
    }

    private Words() {}
}
