/// IPv4 options as a router treats them: checked and filled in on arrival, filled in again on the way out, turned round
/// in answers.
///
/// Start with [io.millrace.dataplane.options.Ipv4Options]. Uses `io.millrace.packet` and `io.millrace.checksum`.
package io.millrace.dataplane.options;
