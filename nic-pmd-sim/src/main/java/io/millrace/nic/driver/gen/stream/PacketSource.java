package io.millrace.nic.driver.gen.stream;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketPool;

/// Something that makes packets at times of its own: a stream, a capture that is replayed. Belongs to one thread.
public interface PacketSource {

    /// Name in the profile.
    String name();

    /// Begins at `startNs`, anew if need be, `factor` times as fast as the profile says, and ends `limitNs` later at
    /// the latest.
    void start(long startNs, double factor, long limitNs);

    /// Gives nothing more until it is started again.
    void stop();

    /// When the next packet is to be sent, or [io.millrace.nic.port.TimedPort#NEVER].
    long nextNs();

    /// Packets due at `nowNs`, about.
    long dueCount(long nowNs);

    /// Leaves out the packets that were due up to `untilNs`: they count as sent, and nobody gets them.
    void miss(long untilNs);

    /// Makes the next packet, which is due. `NONE` where the pool has too few slots: then nothing has changed.
    int give(PacketPool pool, long nowNs);

    /// Adds what is due to the burst, as much as it and the pool have room for; returns how many.
    int giveDue(Burst burst, PacketPool pool, long nowNs);

    /// Packets given to whoever receives, and those that could not wait for it; what was sent is both.
    long givenCount();

    long givenBytes();

    long missedCount();

    default long sentCount() {
        return givenCount() + missedCount();
    }
}
