/// The identity of a parse graph: its canonical form, and the hash of that.
///
/// Start with [io.millrace.packet.parse.canonical.ParseProgram].
/// Uses `io.millrace.packet.parse.graph`.
package io.millrace.packet.parse.canonical;
