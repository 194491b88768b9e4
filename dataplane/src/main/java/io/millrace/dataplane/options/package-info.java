/// Options of IPv4 and IPv6 packets as a router treats them: checked on arrival, completed on the way out, turned round
/// in answers.
///
/// Start with [io.millrace.dataplane.options.Ipv4Options]. Uses `io.millrace.packet` and `io.millrace.checksum`.
package io.millrace.dataplane.options;
