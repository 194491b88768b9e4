package io.millrace.flow.flower;

import io.millrace.packet.memory.Check;

import java.util.List;

/// One filter: who is looked at, in which order, and what is done. Immutable. Its identity in a [FlowerBlock] is chain,
/// priority and handle; all filters of one priority have one protocol.
///
/// @param chain    0 to [ActionControl#CHAIN_MAX]; classification begins in 0
/// @param priority 1 to 65535, lower is first
/// @param protocol EtherType that the frame must begin with, or [#ALL]; a tagged frame begins with its tag's
/// @param handle   from 1
/// @param classId  0 where none was given
public record FlowerFilter(int chain, int priority, int protocol, int handle, int classId, FlowerMatch match,
                           List<FlowerAction> actions, FlowerFlags flags) {

    /// The protocol of filters that look at every packet (`ETH_P_ALL`).
    public static final int ALL = 3;

    public static final int PRIORITY_MAX = 0xffff;

    /// Actions of one filter, as in Linux.
    public static final int ACTIONS_MAX = 32;

    public FlowerFilter {
        Check.that(chain >= 0 && chain <= ActionControl.CHAIN_MAX, "chain out of range", chain);
        Check.that(priority > 0 && priority <= PRIORITY_MAX, "priority out of range", priority);
        Check.that(handle != 0, "handles are not 0", handle);
        actions = List.copyOf(actions);
        Check.that(actions.size() <= ACTIONS_MAX, "at most 32 actions", actions.size());
    }
}
