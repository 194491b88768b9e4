/// Walks the headers of a packet, tunnels included, and says what is true of every checksum in it.
///
/// Start with [io.millrace.checksum.walk.ChecksumWalk].
/// Uses `io.millrace.checksum.cover`.
package io.millrace.checksum.walk;
