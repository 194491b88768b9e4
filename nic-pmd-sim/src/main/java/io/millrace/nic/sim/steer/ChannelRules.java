package io.millrace.nic.sim.steer;

import io.millrace.nic.sim.model.NicLimits;

/// Whether a port can have another number of channels, by the order and in the words of Linux's `ethtool -L`.
public final class ChannelRules {

    /// Why not, or null if it can.
    public static String refusal(SteeringTables tables, NicLimits limits, QueueNumbering numbering, int count) {
        if (count > limits.queuesMax()) return "requested channel count exceeds maximum";
        if (count < 1) {
            return "requested channel counts would result in no RX or TX channel being configured";
        }
        int ofTables = tables.queueMostOfTables();
        if (count <= ofTables) {
            return "requested channel counts are too low for existing indirection table (" + ofTables + ")";
        }
        for (ReceiveRule rule : tables.rules().values()) {
            if (rule.queue() == ReceiveRule.DROP) continue;
            int most = numbering.channel(rule.queue());
            if (rule.context() != ReceiveRule.NO_CONTEXT) {
                most += tables.contexts().get(rule.context()).table().queueMost();
            }
            if (count <= most) return "requested channel counts are too low for existing ntuple filter settings";
        }
        return null;
    }

    private ChannelRules() {}
}
