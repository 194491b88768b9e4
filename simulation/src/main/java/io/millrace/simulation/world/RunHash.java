package io.millrace.simulation.world;

/// A number that two runs share only if they did the same: over every frame that left, when and where, and all
/// counters.
final class RunHash {

    private static final long PRIME = 0x9e37_79b9_7f4a_7c15L;

    private long value = 1;

    RunHash add(long number) {
        value = (value ^ number) * PRIME;
        value ^= value >>> 29;
        return this;
    }

    RunHash add(byte[] bytes) {
        long sum = bytes.length;
        for (byte each : bytes) sum = sum * 31 + each;
        return add(sum);
    }

    long value() {
        return value;
    }
}
