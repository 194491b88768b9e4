package io.millrace.nic.sim.eswitch;

/// What a change of mode did, as the device has seen it.
///
/// @param change     its number
/// @param generation that it made
/// @param drainNs    from its begin to its end
/// @param offered    packets that wires gave meanwhile
/// @param lost       packets that the device dropped meanwhile
/// @param hasDropped true if a table was not drained in time, so that its entries were dropped with it
public record ChangeRecord(long change, EswitchMode from, EswitchMode to, long generation, long drainNs, long offered,
                           long lost, boolean hasDropped) {

    /// Time for which traffic was blocked: as many packets as were lost come in it.
    public double blockedNs() {
        return lost == 0 ? 0 : (double) lost / Math.max(offered, lost) * drainNs;
    }
}
