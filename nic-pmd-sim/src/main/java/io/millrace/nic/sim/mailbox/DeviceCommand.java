package io.millrace.nic.sim.mailbox;

/// What a device is to do, carried out on its thread between two bursts. Everything that takes time (tables to be
/// built) was done before it was posted.
@FunctionalInterface
public interface DeviceCommand {

    CommandResult carryOut(long nowNs);
}
