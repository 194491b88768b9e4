/// How a simulated NIC can err: one question at each place where hardware is known to.
///
/// Start with [io.millrace.nic.sim.fault.NicFaults]. Uses `io.millrace.packet.memory` and
/// `io.millrace.nic.driver.gen.random`.
package io.millrace.nic.sim.fault;
