package io.millrace.flow.path;

import io.millrace.packet.memory.Burst;

/// The two passes over a burst that [FlowPath] makes. Each worker has a copy of [FlowLoop].
interface FlowKernel {

    /// Finds the key of each packet and reads what the flow table has of it.
    ///
    /// @param isParsed whether the parser's records are those of the burst
    void findKeys(Burst burst, boolean isParsed);

    /// Rewrites the packets whose flow is known and moves them out of the burst.
    void act(Burst burst, long nowNs);
}
