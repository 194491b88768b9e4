/// `ip`: addresses, routes, neighbours and links, with iproute2's grammar, output and messages.
///
/// Start with [io.millrace.control.command.ip.IpVerb].
package io.millrace.control.command.ip;
