/// A simulated network card: one device with several ports, each between a port of the dataplane and its wire.
///
/// Start with [io.millrace.nic.sim.SimNic]. Uses `io.millrace.nic.port` and the packages below this one, in the order
/// `model`, `ring`, `account`, `fault`, `mailbox`, `steer`, `receive`, `transmit`.
package io.millrace.nic.sim;
