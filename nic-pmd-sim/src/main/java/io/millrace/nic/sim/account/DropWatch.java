package io.millrace.nic.sim.account;

import io.millrace.packet.memory.Verdict;

/// Sees the packets that a NIC is about to drop. They are only looked at: they are released when the call is over.
public interface DropWatch {

    /// A packet from a wire, on its way to a worker.
    void droppedReceived(int packet, Verdict verdict);

    /// A packet on its way to a wire, from a worker or from another wire.
    void droppedTransmitted(int packet, Verdict verdict);
}
