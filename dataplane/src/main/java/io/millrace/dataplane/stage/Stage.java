package io.millrace.dataplane.stage;

import io.millrace.packet.memory.Burst;

/// One step over a burst. Packets that go on stay in the burst, in order; the others have left it by the time the
/// method returns: sent, queued, or ended in the ledger.
public interface Stage {

    void process(Burst burst, long nowNs);

    /// What a trace calls it. A copy of a class made for its tables is named after the class and an address.
    default String name() {
        return getClass().getSimpleName().replaceFirst("/.*", "");
    }

    /// True while the stage finds headers by itself, so that nobody need parse bursts in front of it.
    default boolean findsHeaders() {
        return false;
    }

    /// The worker's turn is over: what was held for the rest of it goes on.
    default void endTurn(long nowNs) {}

    /// The run is over: what is still held ends as `INPUT_ENDED`.
    default void releaseHeld() {}
}
