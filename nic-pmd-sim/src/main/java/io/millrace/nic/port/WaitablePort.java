package io.millrace.nic.port;

/// A live port whose wire can wake a sleeping thread.
public interface WaitablePort extends Port {

    /// File descriptor that `poll` reports as readable once `receive` of this queue would give a packet.
    int pollDescriptor(int queue);
}
