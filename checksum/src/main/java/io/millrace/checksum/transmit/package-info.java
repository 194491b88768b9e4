/// Fills in the checksums of packets to be sent, for every device that cannot: the software helper, the decision who
/// needs it, and the ways to get an outer checksum without touching payload.
///
/// Start with [io.millrace.checksum.transmit.ChecksumHelp].
/// Uses `io.millrace.checksum.state` and `io.millrace.checksum.cover`.
package io.millrace.checksum.transmit;
