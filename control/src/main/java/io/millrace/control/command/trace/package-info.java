/// `trace` and `capture`.
///
/// Start with [io.millrace.control.command.trace.TraceVerb].
package io.millrace.control.command.trace;
