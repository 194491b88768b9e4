/// What this host says by ICMP and ICMPv6, and what it answers to packets that are for itself: errors with their rate
/// limits, echo replies, resets.
///
/// Start with [io.millrace.dataplane.icmp.LocalDelivery] for packets to this host, and with
/// [io.millrace.dataplane.icmp.Icmpv4Errors] for errors about those that go on. Uses `io.millrace.packet`,
/// `io.millrace.checksum`, and of this module `account`, `iface`, `options` and `output`.
package io.millrace.dataplane.icmp;
