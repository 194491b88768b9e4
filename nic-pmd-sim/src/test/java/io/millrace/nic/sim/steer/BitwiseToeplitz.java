package io.millrace.nic.sim.steer;

/// The definition, bit by bit.
public final class BitwiseToeplitz {

    public static int hash(byte[] key, byte[] input) {
        int result = 0;
        for (int bit = 0; bit < 8 * input.length; bit++) {
            if ((input[bit / 8] >>> 7 - bit % 8 & 1) == 0) continue;
            int window = 0;
            for (int i = bit; i < bit + 32; i++) window = window << 1 | key[i / 8] >>> 7 - i % 8 & 1;
            result ^= window;
        }
        return result;
    }

    private BitwiseToeplitz() {}
}
