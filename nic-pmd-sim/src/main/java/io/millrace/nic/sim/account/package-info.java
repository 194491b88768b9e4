/// Counts what a simulated NIC does with packets, so that nothing is lost unnamed between a worker and a wire.
///
/// Start with [io.millrace.nic.sim.account.NicAccount]. Uses `io.millrace.packet.memory`.
package io.millrace.nic.sim.account;
