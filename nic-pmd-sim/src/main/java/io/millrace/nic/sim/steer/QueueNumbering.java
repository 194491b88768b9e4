package io.millrace.nic.sim.steer;

/// From the queue numbers that users write to the queues of the device.
///
/// Some devices (mlx5 up to Linux 6.0) give the zero-copy queue of channel c a number of its own, `c + channels`, so
/// what a number means changes with the number of channels. What is kept, in rules and tables, is the queue of the
/// device; so a rule goes on hitting the queue it was made for, whatever the number of channels becomes.
///
/// ```
///  user      0 … channels−1              channels … 2·channels−1
///  device    0 … channels−1              queuesMax … queuesMax+channels−1
/// ```
///
/// @param queuesMax  channels that the device can have
/// @param hasOffsets false: zero-copy queues have the numbers of their channels, as everywhere since
public record QueueNumbering(int queuesMax, boolean hasOffsets) {

    public static final int NO_QUEUE = -1;

    /// Queues that the device has.
    public int queueCount() {
        return hasOffsets ? 2 * queuesMax : queuesMax;
    }

    /// The device's queue, or [#NO_QUEUE] where a number is none while there are so many channels.
    public int toDevice(int userQueue, int channelCount) {
        if (userQueue < 0) return NO_QUEUE;
        if (userQueue < channelCount) return userQueue;
        if (hasOffsets && userQueue < 2 * channelCount) return queuesMax + userQueue - channelCount;
        return NO_QUEUE;
    }

    /// The number of a device's queue while there are so many channels.
    public int toUser(int deviceQueue, int channelCount) {
        return deviceQueue < queuesMax ? deviceQueue : deviceQueue - queuesMax + channelCount;
    }

    /// The channel that a device's queue belongs to.
    public int channel(int deviceQueue) {
        return deviceQueue < queuesMax ? deviceQueue : deviceQueue - queuesMax;
    }
}
