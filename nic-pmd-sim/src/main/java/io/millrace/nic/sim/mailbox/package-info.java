/// How a driver has a device do something: commands there, completions back, each after the latency of a bus.
///
/// Start with [io.millrace.nic.sim.mailbox.Mailbox]. Uses `io.millrace.nic.sim.fault`.
package io.millrace.nic.sim.mailbox;
