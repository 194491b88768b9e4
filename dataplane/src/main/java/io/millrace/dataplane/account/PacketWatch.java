package io.millrace.dataplane.account;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.Verdict;

/// Sees a worker's packets pass its doors: for traces and captures. Called by the worker, between whose bursts it is
/// put up and taken down; while none is up, each door costs one test for null, most of them a burst.
///
/// Packets are only looked at: they stay whose they are, and may change or be released when the call is over.
public interface PacketWatch {

    /// A burst has come in, from `burst.port()` or from several ports; no stage has seen it.
    void received(Burst burst, long nowNs);

    /// A stage, by its place in the worker's list, is about to work on the burst.
    void entered(int stage, Burst burst, long nowNs);

    /// The stages are done with the burst; what happens until the next one is the doing of timers and ports.
    void left();

    /// A packet is about to end in the ledger: delivered or dropped.
    void ended(int packet, Verdict verdict);

    /// A burst is about to be offered to a port.
    void transmitting(int port, Burst burst, long nowNs);
}
