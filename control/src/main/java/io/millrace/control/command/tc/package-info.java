/// `tc qdisc` and `tc filter` for clsact, ingress and flower: grammar, messages, exit status and output of iproute2.
///
/// Start with [io.millrace.control.command.tc.TcVerb].
package io.millrace.control.command.tc;
