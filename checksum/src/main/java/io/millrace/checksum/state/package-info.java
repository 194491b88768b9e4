/// What is known of a packet's checksums (`NONE`, `UNNECESSARY`, `COMPLETE`, `PARTIAL`), kept true by everything that
/// changes the packet's bytes, and used up when checksums are verified.
///
/// Start with [io.millrace.checksum.state.ChecksumRecord]; change bytes with
/// [io.millrace.checksum.state.PacketBytes] and transport checksums with
/// [io.millrace.checksum.state.TransportRewrite]; verify with [io.millrace.checksum.state.ReceiveChecksum].
/// Uses `io.millrace.checksum`.
package io.millrace.checksum.state;
