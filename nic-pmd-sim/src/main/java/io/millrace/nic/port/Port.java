package io.millrace.nic.port;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketPool;

/// A thing with receive and transmit queues. A queue is used by one worker at a time; different queues may be used by
/// different workers.
///
/// Packets received lie in slots of the pool given, and belong to the caller. Packets transmitted belong to the port,
/// which puts their slots back into the pool given, at once or when a device is done with them.
public interface Port extends AutoCloseable {

    String name();

    /// Number of this port, from 0; what received packets carry in their metadata.
    int index();

    PortCapabilities capabilities();

    /// What this port has counted so far. Written by its workers, readable by any thread.
    PortCounters counters();

    /// The run begins: makes what is written to. Before it, an opened port has changed nothing outside the process.
    default void start() {}

    /// True once no packet will ever be received again: the input has ended.
    boolean isExhausted();

    /// Takes up to `burst.room()` packets. Never blocks. Adds them to the burst and returns how many. Fewer slots than
    /// packets: what found no slot stays on the wire if the wire can wait, else it is counted as dropped at the port.
    int receive(int queue, Burst burst, PacketPool pool, long nowNs);

    /// Offers the packets of the burst in order; returns how many were taken, from the front. The rest stay in the
    /// burst, and stay the caller's. A packet that the port takes but cannot send is released and counted in
    /// [PortCounters#txDropped].
    int transmit(int queue, Burst burst, PacketPool pool, long nowNs);

    /// Writes out what is buffered and gives back files and devices. Slots still held go back to no pool: the run is
    /// over.
    @Override
    void close();
}
