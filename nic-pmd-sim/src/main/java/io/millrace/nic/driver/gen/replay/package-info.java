/// Captures sent again at the times at which they were taken.
///
/// Start with [io.millrace.nic.driver.gen.replay.CaptureSpec], then
/// [io.millrace.nic.driver.gen.replay.CaptureSource]. Uses `io.millrace.nic.driver.gen.stream`,
/// `io.millrace.nic.driver.replay`, `io.millrace.nic.capture`, `io.millrace.nic.port`, `io.millrace.checksum` and
/// `io.millrace.packet`.
package io.millrace.nic.driver.gen.replay;
