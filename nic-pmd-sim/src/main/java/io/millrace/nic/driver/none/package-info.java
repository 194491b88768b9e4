/// The driver `null`: a port without a wire. (The package cannot be called what the driver is.)
///
/// Start with [io.millrace.nic.driver.none.NullPort]. Uses `io.millrace.nic.port` and `io.millrace.packet.memory`.
package io.millrace.nic.driver.none;
