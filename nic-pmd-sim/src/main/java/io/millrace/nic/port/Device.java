package io.millrace.nic.port;

/// A device behind ports: it takes packets from wires and gives packets to them in turns of its own, on a thread of
/// its own or in turn with the workers.
///
/// One thread at a time gives it turns. What it has counted may be read by any thread and is then a little old.
public interface Device {

    /// As an operator knows it: `nic0`.
    String name();

    /// One turn: commands, receive, transmit. Returns how many packets and commands it dealt with; 0 lets the caller
    /// idle.
    int turn(long nowNs);

    /// Ends what is still in its hands: the run is over, and no other thread is at work.
    void releaseHeld();

    /// Packets in its hands: taken from a wire or a worker, and not yet given to the other.
    long held();
}
