/// Receive hashing: the Toeplitz hash over what a parser found, the choice of its fields, and the table from hash to
/// queue.
///
/// Start with [io.millrace.packet.rss.ReceiveHash] and [io.millrace.packet.rss.HashConfig].
/// Uses `io.millrace.packet.parse` and `io.millrace.packet.memory`.
package io.millrace.packet.rss;
