package io.millrace.nic.driver.link;

import io.millrace.packet.memory.Check;

/// What one direction of a link does to packets. Shares are probabilities from 0 to 1.
///
/// @param delayNs        every packet is on its way so long
/// @param jitterNs       and up to so much longer, evenly; packets keep their order
/// @param reorderNs      a reordered packet takes so much longer and others pass it
/// @param bitsPerSecond  frames leave one after the other at this rate, counted at layer 1; 0 without limit
/// @param queuePackets   that may wait for the rate, and be on their way; what comes while they do is dropped
public record LinkFaults(double loss, double duplication, double reordering, double corruption, long delayNs,
                         long jitterNs, long reorderNs, double bitsPerSecond, int queuePackets, long seed) {

    public static final int QUEUE_PACKETS_USUAL = 1 << 12;
    public static final int QUEUE_PACKETS_MAX = 1 << 20;
    public static final LinkFaults NONE = new LinkFaults(0, 0, 0, 0, 0, 0, 0, 0, QUEUE_PACKETS_USUAL, 1);

    public LinkFaults {
        checkShare("loss", loss);
        checkShare("duplication", duplication);
        checkShare("reordering", reordering);
        checkShare("corruption", corruption);
        Check.that(delayNs >= 0 && jitterNs >= 0 && reorderNs >= 0, "times must not be negative");
        Check.that(reordering == 0 || reorderNs > 0, "reordering needs a time by which packets are late");
        Check.that(bitsPerSecond >= 0, "the rate must not be negative");
        Check.that(queuePackets >= 1 && queuePackets <= QUEUE_PACKETS_MAX,
            "the queue must have 1 to " + QUEUE_PACKETS_MAX + " places", queuePackets);
    }

    private static void checkShare(String name, double share) {
        Check.that(share >= 0 && share <= 1, name + " must be 0 to 1");
    }
}
