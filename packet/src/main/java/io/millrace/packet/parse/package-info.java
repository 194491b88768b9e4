/// What a parser gives: the records of headers it found in each packet of a burst, and how its walk ended. A parser is
/// a graph (`parse.graph`) compiled for the host (`parse.host`) or for a device (`parse.device`).
///
/// Start with [io.millrace.packet.parse.CompiledParser] and [io.millrace.packet.parse.ParseRecords].
/// Uses `io.millrace.packet.memory`.
package io.millrace.packet.parse;
