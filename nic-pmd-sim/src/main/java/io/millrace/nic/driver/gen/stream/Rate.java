package io.millrace.nic.driver.gen.stream;

import io.millrace.packet.memory.Check;

/// How fast a stream sends.
public sealed interface Rate {

    /// Frame check sequence.
    int LAYER_2_EXTRA_BYTES = 4;
    /// That, preamble, start delimiter and the gap between frames (IEEE 802.3).
    int LAYER_1_EXTRA_BYTES = 24;

    /// Nanoseconds from one frame of this length to the next.
    double intervalNs(int frameBytes);

    /// The same, `factor` times as fast.
    Rate times(double factor);

    default double packetsPerSecond(SizeMix sizes) {
        double meanNs = 0;
        double weightSum = 0;
        for (int i = 0; i < sizes.count(); i++) {
            meanNs += intervalNs(sizes.frameBytes()[i]) * sizes.weights()[i];
            weightSum += sizes.weights()[i];
        }
        return 1e9 * weightSum / meanNs;
    }

    record Packets(double perSecond) implements Rate {

        public Packets {
            Check.that(perSecond > 0 && perSecond <= 1e9, "packets per second must be above 0 and at most 10^9");
        }

        @Override
        public double intervalNs(int frameBytes) {
            return 1e9 / perSecond;
        }

        @Override
        public Rate times(double factor) {
            return new Packets(perSecond * factor);
        }
    }

    /// @param layer 1 with preamble and gap, 2 with the frame check sequence alone
    record Bits(double perSecond, int layer) implements Rate {

        public Bits {
            Check.that(perSecond > 0 && perSecond <= 1e13, "bits per second must be above 0 and at most 10^13");
            Check.that(layer == 1 || layer == 2, "bits are counted at layer 1 or 2", layer);
        }

        @Override
        public double intervalNs(int frameBytes) {
            int extraBytes = layer == 1 ? LAYER_1_EXTRA_BYTES : LAYER_2_EXTRA_BYTES;
            return (frameBytes + extraBytes) * 8e9 / perSecond;
        }

        @Override
        public Rate times(double factor) {
            return new Bits(perSecond * factor, layer);
        }
    }

    /// As fast as packets are taken.
    record Unlimited() implements Rate {

        @Override
        public double intervalNs(int frameBytes) {
            return 0;
        }

        @Override
        public Rate times(double factor) {
            return this;
        }
    }
}
