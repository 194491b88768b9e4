/// Views of protocol headers in packet memory: each reads and writes the fields of one header and does nothing else.
///
/// Start with [io.millrace.packet.header.Ipv4View]; every view has the same inner order.
/// Uses `io.millrace.packet.memory`.
package io.millrace.packet.header;
