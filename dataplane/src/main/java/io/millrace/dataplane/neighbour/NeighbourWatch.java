package io.millrace.dataplane.neighbour;

/// Who keeps link addresses of neighbours outside of the table, and has to hear when they change. Called on the
/// worker's thread.
public interface NeighbourWatch {

    /// The neighbour's state or address is another one. With `isConnected` packets may be sent to `mac` without asking
    /// the table; else every packet goes through it. An IPv4 address is the low 32 bits of `low`.
    void changed(int interfaceIndex, long high, long low, boolean isConnected, long mac);
}
