/// What becomes of a packet whose flow is known: found, rewritten and handed out in bursts; and how a flow begins and
/// ends.
///
/// Start with [io.millrace.flow.path.FlowPath]. Uses `io.millrace.flow.table`, `io.millrace.packet`,
/// `io.millrace.checksum`.
package io.millrace.flow.path;
