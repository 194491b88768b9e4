/// Parse programs compiled for the host: one hidden class a program, which the JIT sees as straight-line code.
///
/// Start with [io.millrace.packet.parse.host.HostCompiler]; `NodeCode` says what becomes of one node.
/// Uses `io.millrace.packet.parse.canonical`.
package io.millrace.packet.parse.host;
