/// The verb `gen`: traffic of a profile into a capture, a TAP device, a port of the same process, or nothing.
///
/// Start with [io.millrace.perf.gen.GenVerb]. Uses `io.millrace.perf.profile`, `io.millrace.control.config`,
/// `io.millrace.dataplane` and `io.millrace.nic`.
package io.millrace.perf.gen;
