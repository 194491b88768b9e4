/// What a connection's state becomes by a packet, for each protocol: state in, facts of the packet in, state out. No
/// table, no packet memory, no clock.
///
/// Start with [io.millrace.flow.track.machine.TcpMachine] and [io.millrace.flow.track.machine.Step]. Used by
/// `io.millrace.flow.track`.
package io.millrace.flow.track.machine;
