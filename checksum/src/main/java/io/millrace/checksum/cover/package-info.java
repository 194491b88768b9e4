/// What a checksum covers: where behind an IP header the transport begins and ends, which addresses count, which bytes
/// are summed, and when there is nothing to sum.
///
/// Start with [io.millrace.checksum.cover.NetworkHeader], then [io.millrace.checksum.cover.Coverage].
/// Uses `io.millrace.checksum`.
package io.millrace.checksum.cover;
