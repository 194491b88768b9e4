/// Auditing a device: a share of what it did goes onto a ring with the input, and software does the same again.
///
/// Start with [io.millrace.nic.sim.audit.AuditRing] and [io.millrace.nic.sim.audit.AuditCheck]. Uses
/// `io.millrace.packet`, `io.millrace.checksum`, `io.millrace.gso`, `io.millrace.gro`, `io.millrace.flow`,
/// `io.millrace.nic.program`, `io.millrace.nic.sim.flow` and `io.millrace.nic.sim.filter`.
package io.millrace.nic.sim.audit;
