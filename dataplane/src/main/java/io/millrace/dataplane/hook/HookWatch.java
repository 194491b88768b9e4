package io.millrace.dataplane.hook;

import io.millrace.flow.path.FlowMiss;
import io.millrace.flow.rules.RulePlace;
import io.millrace.flow.rules.RuleVerdict;
import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.track.Tracked;
import io.millrace.packet.memory.Burst;

/// Sees what becomes of traced packets between routing and rules. Called by the worker; while nobody watches, each
/// place costs a test for null.
public interface HookWatch {

    /// Packets are about to be looked up or routed: after what merges.
    void routing(Burst burst, long nowNs);

    /// A packet was looked up in the flow table; `miss` is null if its flow has taken it.
    void lookedUp(int packet, FlowMiss miss);

    /// Chains of a hook have run.
    void ruled(int packet, Hook hook, RuleVerdict verdict, RulePlace place);

    /// Connection tracking knows what it is.
    void tracked(int packet, Tracked tracked);

    /// A packet of a connection whose addresses change, after its own may have.
    void translated(int packet, Hook hook);
}
