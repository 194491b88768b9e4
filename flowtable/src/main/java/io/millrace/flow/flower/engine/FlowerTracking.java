package io.millrace.flow.flower.engine;

import io.millrace.flow.flower.CtAction;

/// Connection tracking as `ct` actions use it, for one packet at a time.
public interface FlowerTracking {

    /// For the next packet: nothing is known of its connection.
    void begin();

    /// Carries out the action on the IP packet at `l3`. False if the packet is to be dropped.
    boolean run(CtAction what, int packet, int l3, long nowNs);

    /// What is known since the last action: bits of [io.millrace.flow.flower.CtStateBits], 0 where none has run.
    int state();

    int zone();

    /// The connection's mark, 0 without one.
    int mark();

    /// The packet goes on or ends: its connection is let go.
    void end();
}
