/// The driver `link`: a cable between two ports of one process, with planted faults.
///
/// Start with [io.millrace.nic.driver.link.LinkPort]. Uses `io.millrace.nic.driver.gen.random`, `io.millrace.nic.port`
/// and `io.millrace.packet.memory`.
package io.millrace.nic.driver.link;
