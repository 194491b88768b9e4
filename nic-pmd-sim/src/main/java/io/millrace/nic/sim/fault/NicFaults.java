package io.millrace.nic.sim.fault;

/// Asked by the device at each place where it could err; what it answers is what the device does. A device without
/// faults answers as the methods do here.
///
/// Asked on the device's thread, in the order of what happens there: with a seeded source the same run errs alike.
public interface NicFaults {

    NicFaults NONE = new NicFaults() {};

    /// What [#counterError] answers of a counter that stands still from now on.
    long STANDS_STILL = Long.MIN_VALUE;

    /// How much later than its latency a completion is seen; completions that are later than others are overtaken.
    default long completionDelayNs() { return 0; }

    /// The command is carried out, but nobody is told.
    default boolean losesCompletion() { return false; }

    /// The completion is seen twice.
    default boolean duplicatesCompletion() { return false; }

    /// The command is not carried out, but said to be.
    default boolean lies() { return false; }

    /// Bits by which the checksum unit is wrong about this packet; 0 is right.
    default int checksumError() { return 0; }

    /// Bits by which the last byte of a packet whose checksum was filled in is wrong, as by those below; 0 is right.
    default int fillInError() { return 0; }

    /// The same of each segment that was cut.
    default int cutError() { return 0; }

    /// The same of each packet that merging put out.
    default int mergeError() { return 0; }

    /// The same of each packet that the flow table rewrote.
    default int rewriteError() { return 0; }

    /// The same of each packet that filters let pass or send on.
    default int filterError() { return 0; }

    /// The filters do not see this packet.
    default boolean overlooksPacket() { return false; }

    /// The queue gives nothing to its worker now, and takes nothing.
    default boolean isStuck(int port, int queue, long nowNs) { return false; }

    /// The driver has reset the queue, which makes a device whole whose queue was stuck.
    default void queueReset(int port, int queue, long nowNs) {}

    /// The wire of this port is disconnected now.
    default boolean isLinkDown(int port, long nowNs) { return false; }

    /// A table says that it is full before it is.
    default boolean isFullEarly() { return false; }

    /// A table entry that was just added is gone.
    default boolean losesEntry() { return false; }

    /// What is added to a counter that is read: counters that jump. [#STANDS_STILL]: it does from now on.
    default long counterError() { return 0; }

    /// The firmware begins anew now. Asked once a turn.
    default boolean resetsFirmware(long nowNs) { return false; }
}
