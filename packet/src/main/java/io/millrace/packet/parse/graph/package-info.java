/// The parse graph as immutable records. What can be built obeys every rule of the representation: a wrong mask, a
/// field outside its header, a cycle that does not advance are refused by the constructors with a [GraphException].
///
/// Start with [io.millrace.packet.parse.graph.ParseGraph] and [io.millrace.packet.parse.graph.Node].
/// Uses `io.millrace.packet.parse`.
package io.millrace.packet.parse.graph;
