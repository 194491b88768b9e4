/// Which queue a received packet goes to: rules, steered flows, hash and indirection tables.
///
/// Start with [io.millrace.nic.sim.steer.PortSteering]. Uses `io.millrace.packet` and `io.millrace.nic.sim.mailbox`.
package io.millrace.nic.sim.steer;
