/// Packets as text for people: traces, drop captures, test failures. Control plane; everything here may allocate.
///
/// Start with [io.millrace.packet.text.PacketPrinter]. Uses `io.millrace.packet.memory`,
/// `io.millrace.packet.address` and `io.millrace.packet.header`.
package io.millrace.packet.text;
