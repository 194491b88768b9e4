/// The loop that polls ports and runs stages, in real or in virtual time.
///
/// Start with [io.millrace.dataplane.worker.Worker]. The only package of the dataplane that reads a clock.
package io.millrace.dataplane.worker;
