package io.millrace.flow.ruleset;

import java.util.List;

/// What makes a chain run by itself: at a hook, in ascending order of `priority` over all tables.
///
/// `devices` are the ports of an ingress or egress chain. `isAccepting` is the policy: what becomes of a packet at
/// the chain's end.
public record HookedChain(ChainType type, Hook hook, int priority, boolean isAccepting, List<String> devices) {
    public HookedChain {
        devices = List.copyOf(devices);
    }
}
