/// Streams of generated packets: what a profile asks of each, and the engine that makes them without allocating.
///
/// Start with [io.millrace.nic.driver.gen.stream.StreamSpec], then
/// [io.millrace.nic.driver.gen.stream.StreamSource]. Uses `io.millrace.nic.driver.gen.layer`,
/// `io.millrace.nic.driver.gen.random`, `io.millrace.nic.port`, `io.millrace.checksum` and `io.millrace.packet`.
package io.millrace.nic.driver.gen.stream;
