/// Auditing a device: a share of what it did with received packets goes onto a ring with the input, and software does
/// the same again.
///
/// Start with [io.millrace.nic.sim.audit.AuditRing] and [io.millrace.nic.sim.audit.AuditCheck]. Uses
/// `io.millrace.packet`, `io.millrace.checksum` and `io.millrace.nic.program`.
package io.millrace.nic.sim.audit;
