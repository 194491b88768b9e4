/// The flower filters of a simulated NIC: packets meet them as they come from a wire, before a descriptor is written.
///
/// Start with [io.millrace.nic.sim.filter.DeviceFilters]. Uses `io.millrace.flow.flower`, `io.millrace.nic.sim.model`,
/// `io.millrace.nic.sim.eswitch`, `io.millrace.nic.sim.mailbox` and `io.millrace.nic.sim.fault`.
package io.millrace.nic.sim.filter;
