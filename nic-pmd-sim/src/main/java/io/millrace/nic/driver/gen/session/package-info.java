/// Traffic that answers: TCP connections and UDP exchanges with both ends in one process.
///
/// Start with [io.millrace.nic.driver.gen.session.SessionSpec], then
/// [io.millrace.nic.driver.gen.session.SessionEnd]. Uses `io.millrace.nic.driver.gen.layer`,
/// `io.millrace.nic.driver.gen.random`, `io.millrace.nic.driver.gen.stream`, `io.millrace.nic.capture`,
/// `io.millrace.nic.port`, `io.millrace.checksum` and `io.millrace.packet`.
package io.millrace.nic.driver.gen.session;
