/// Puts IPv4 and IPv6 packets together from their fragments before connections are tracked, as Linux's `nf_defrag`
/// does; bounded in memory, and without a clock of its own.
///
/// Start with [io.millrace.dataplane.reassembly.Ipv4Reassembly]. Uses `io.millrace.packet`, `io.millrace.checksum` and
/// `io.millrace.dataplane.account`.
package io.millrace.dataplane.reassembly;
