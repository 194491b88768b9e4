/// Common Parser Representation: parse graphs as JSON documents, read with the place of every mistake.
///
/// Start with [io.millrace.packet.parse.cpr.CprDocument]; the graphs that ship are
/// [io.millrace.packet.parse.cpr.ShippedGraph].
/// Uses `io.millrace.packet.parse.graph` and `io.millrace.packet.document`.
package io.millrace.packet.parse.cpr;
