package io.millrace.nic.sim.mailbox;

/// Is given completions, on the driver's thread.
@FunctionalInterface
public interface CompletionSink {

    /// @param number what [Mailbox#post] returned for the command
    void completed(long number, CommandResult result, long nowNs);
}
