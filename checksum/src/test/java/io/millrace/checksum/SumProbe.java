package io.millrace.checksum;

import java.lang.foreign.MemorySegment;

/// A program that sums the numbers 0 to 99 as bytes and says how; for [WithoutVectorsTest].
final class SumProbe {

    static final int BYTES = 100;

    public static void main(String[] args) {
        byte[] bytes = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) bytes[i] = (byte) i;
        int sum = InternetChecksum.fold(InternetChecksum.sum(MemorySegment.ofArray(bytes), 0, BYTES));
        System.out.println(InternetChecksum.hasVectors() + " " + sum);
    }

    private SumProbe() {}
}
