/// The driver `replay`: a port that receives a capture from memory, again and again.
///
/// Start with [io.millrace.nic.driver.replay.ReplayPort]. Uses `io.millrace.nic.capture`, `io.millrace.nic.port` and
/// `io.millrace.packet.memory`.
package io.millrace.nic.driver.replay;
