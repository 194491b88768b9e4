package io.millrace.dataplane.hook;

/// Sends what rules send elsewhere. Every packet given belongs to it, and is sent or dropped with a verdict.
public interface RuleOutput {

    /// An IP packet with its header at `l3`, to this neighbour or, where it is not on a link, towards it; it meets output
    /// and postrouting, untracked. The interface is [io.millrace.flow.Routes#NO_INTERFACE] where the route decides.
    void towards(int packet, int family, long high, long low, int interfaceIndex, long nowNs);

    /// A frame as it is, by this interface.
    void frame(int packet, int interfaceIndex, long nowNs);

    /// An IP packet with its header at `l3`, to this neighbour on the link of the interface, past all rules.
    void neighbour(int packet, int family, long high, long low, int interfaceIndex, long nowNs);
}
