package io.millrace.nic.sim.flow;

/// Where an entry of the device's flow table is in its life.
public enum EntryState {

    FREE,
    /// Packets still go to the worker, until those it has have left it.
    ARMED,
    /// Packets go from wire to wire.
    ACTIVE,
    /// Packets go to the worker again; the counters stand.
    STOPPED
}
