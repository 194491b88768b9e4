package io.millrace.dataplane.offload;

import java.util.Arrays;

/// How many packets a second each flow carries, in software and hardware together, estimated from its counters: the
/// mean of its first samples, and of about the last sixteen from then on.
///
/// Grows with the slots in use; the control thread alone.
final class FlowWeights {

    private static final int SAMPLES_MAX = 16;
    private static final double NS_PER_SECOND = 1e9;

    private float[] rates = {};
    private long[] packets = {};
    private long[] sampledNs = {};
    private int[] generations = {};
    private byte[] sampleCounts = {};

    /// The flow in this slot has counted so many packets by now.
    void sample(int slot, int generation, long packetCount, long nowNs) {
        if (slot >= rates.length) grow(slot + 1);
        boolean isNew = generations[slot] != generation || sampledNs[slot] == 0;
        if (isNew) {
            generations[slot] = generation;
            rates[slot] = 0;
            sampleCounts[slot] = 0;
        } else if (nowNs - sampledNs[slot] > 0) {
            // Who lists connections takes their flows' counts away.
            long passed = packetCount >= packets[slot] ? packetCount - packets[slot] : packetCount;
            double rate = passed * NS_PER_SECOND / (nowNs - sampledNs[slot]);
            if (sampleCounts[slot] < SAMPLES_MAX) sampleCounts[slot]++;
            rates[slot] += (float) ((rate - rates[slot]) / sampleCounts[slot]);
        } else {
            return;
        }
        packets[slot] = packetCount;
        sampledNs[slot] = nowNs;
    }

    private void grow(int wanted) {
        int size = Math.max(wanted, Math.max(64, 2 * rates.length));
        rates = Arrays.copyOf(rates, size);
        packets = Arrays.copyOf(packets, size);
        sampledNs = Arrays.copyOf(sampledNs, size);
        generations = Arrays.copyOf(generations, size);
        sampleCounts = Arrays.copyOf(sampleCounts, size);
    }

    /// Packets a second; 0 of a flow that was not sampled twice.
    float rate(int slot) {
        return slot < rates.length ? rates[slot] : 0;
    }
}
