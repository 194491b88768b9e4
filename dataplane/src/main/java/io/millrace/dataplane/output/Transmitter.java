package io.millrace.dataplane.output;

/// Takes complete frames for a port. The last call before the wire.
public interface Transmitter {

    /// The frame leaves through the port; it is gone for the caller.
    void add(int packet, int portIndex, long nowNs);
}
