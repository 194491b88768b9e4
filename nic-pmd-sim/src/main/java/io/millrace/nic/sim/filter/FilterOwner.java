package io.millrace.nic.sim.filter;

/// Whose a filter is. Each has a table of its own at a port, in this order, as software has a hook for each.
public enum FilterOwner {
    /// `tc filter`.
    TC,
    /// Chains of nftables with `flags offload`.
    RULES
}
