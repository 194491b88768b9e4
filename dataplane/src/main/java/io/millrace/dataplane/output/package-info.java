/// The way out for packets that are not in the burst at hand: those this host makes, and those that waited.
///
/// Start with [io.millrace.dataplane.output.Output]. Uses `io.millrace.packet`.
package io.millrace.dataplane.output;
