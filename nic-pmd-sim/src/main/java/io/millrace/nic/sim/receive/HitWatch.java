package io.millrace.nic.sim.receive;

import io.millrace.packet.memory.Burst;

/// Looks at packets that the device sends from wire to wire. On the device's thread, which must not wait.
public interface HitWatch {

    /// What is about to leave, rewritten; `port` in the metadata of each is where it came from, `egress` where it
    /// leaves. Super-packets are still whole. The packets stay the device's.
    void forwarding(Burst burst, long nowNs);
}
