package io.millrace.nic.sim.eswitch;

import io.millrace.packet.memory.Burst;

/// A side of a NIC's switch that has a wire: the uplink, or a virtual function with what is plugged into it.
public interface SwitchPort {

    /// Number of the port of the dataplane that belongs to it.
    int index();

    /// Sends packets, finished first where they are not; the burst is empty afterwards.
    void toWire(Burst burst, long nowNs);
}
