package io.millrace.nic.port;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketPool;

/// A port whose received packets carry times of their own: a capture, a generator. An offline run orders the packets of
/// all its ports by these times.
public interface TimedPort extends Port {

    /// [#nextReceiveNs()] of a port that will give no more packets.
    long NEVER = Long.MAX_VALUE;

    /// Time of the packet that the next `receive` gives first, in nanoseconds since 1970, or [#NEVER]. `receive` gives
    /// only packets whose time is at or before its `nowNs`; a time that runs backwards in the file counts as the time
    /// of the packet before it.
    long nextReceiveNs();

    /// As `receive`, but from all queues, in the order of arrival: for who polls them all in virtual time.
    default int receiveInOrder(Burst burst, PacketPool pool, long nowNs) {
        return receive(0, burst, pool, nowNs);
    }
}
