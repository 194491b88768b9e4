/// Verifies the checksums of received packets, using up what devices found out about them.
///
/// Start with [io.millrace.checksum.receive.ReceiveChecksum].
/// Uses `io.millrace.checksum.state` and `io.millrace.checksum.cover`.
package io.millrace.checksum.receive;
