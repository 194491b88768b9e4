package io.millrace.nic.sim.receive;

import io.millrace.packet.memory.Burst;

/// Takes packets that leave by a wire without having been seen by a worker. `egress` in the metadata of each is the
/// port.
public interface Egress {

    /// A flow has just become active: what workers have given to the ports so far, its own packets among it, goes out
    /// first.
    void settle(long nowNs);

    /// The burst is empty afterwards.
    void forward(Burst burst, long nowNs);
}
