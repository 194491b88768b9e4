package io.millrace.dataplane.offload;

import io.millrace.flow.table.FlowImage;
import io.millrace.nic.sim.flow.FlowEntry;

import java.lang.foreign.Arena;

/// What a worker and the control thread tell each other about flows.
///
/// ```
///  events, to control     word 0 kind, 1 slot, 2 generation, 3 argument: obstacles, or a RemovalCause
///                         DESCRIBED: 4 … the flow's slot, then for each direction port, its MAC, egress, source MAC,
///                         target MAC
///  orders, to the worker  word 0 kind, 1 slot, 2 generation, then for each direction packets, bytes, last used
/// ```
///
/// The worker never waits for room: what it cannot say at once it says in a later turn.
final class OffloadRings {

    // Events.
    static final int OFFERED = 0;
    static final int DESCRIBED = 1;
    static final int REFUSED = 2;
    static final int ENDED = 3;

    // Orders.
    static final int DESCRIBE = 0;
    static final int CONFIRM = 1;
    static final int COUNT = 2;
    static final int RELEASE = 3;

    static final int KIND = 0;
    static final int SLOT = 1;
    static final int GENERATION = 2;
    static final int ARGUMENT = 3;
    static final int IMAGE = 4;
    static final int WAYS = IMAGE + FlowImage.WORDS;
    static final int WORDS_PER_WAY = 5;
    static final int COUNTS = 3;
    static final int WORDS_PER_COUNT = 3;

    private static final int EVENT_WORDS = WAYS + 2 * WORDS_PER_WAY;
    private static final int ORDER_WORDS = COUNTS + 2 * WORDS_PER_COUNT;

    final RecordRing events;
    final RecordRing orders;

    OffloadRings(Arena arena, int recordCount) {
        this.events = new RecordRing(arena, recordCount, EVENT_WORDS);
        this.orders = new RecordRing(arena, recordCount, ORDER_WORDS);
    }

    /// A direction of the flow that the next event describes.
    ///
    /// @param image that lies in the event
    FlowEntry described(FlowImage image, int direction) {
        int way = WAYS + direction * WORDS_PER_WAY;
        long lowMask = lowMask(image, direction);
        var rewritten = new FlowEntry.Tuple(image.newSourceHigh(direction), image.newSourceLow(direction) & lowMask,
            image.newSourcePort(direction), image.newTargetHigh(direction), image.newTargetLow(direction) & lowMask,
            image.newTargetPort(direction));
        return new FlowEntry((int) events.get(way), events.get(way + 1), image.family(direction),
            image.protocol(direction), tuple(image, direction), rewritten, (int) events.get(way + 2),
            events.get(way + 3), events.get(way + 4), image.mtuBytes(direction));
    }

    /// Both ends of a direction as its packets have them when they arrive.
    static FlowEntry.Tuple tuple(FlowImage image, int direction) {
        long lowMask = lowMask(image, direction);
        return new FlowEntry.Tuple(image.sourceHigh(direction), image.sourceLow(direction) & lowMask,
            image.sourcePort(direction), image.targetHigh(direction), image.targetLow(direction) & lowMask,
            image.targetPort(direction));
    }

    private static long lowMask(FlowImage image, int direction) {
        return image.family(direction) == 4 ? 0xffff_ffffL : -1;
    }
}
