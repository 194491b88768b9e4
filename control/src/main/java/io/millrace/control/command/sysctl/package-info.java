/// `sysctl`, with the grammar, output and messages of procps.
///
/// Start with [io.millrace.control.command.sysctl.SysctlVerb].
package io.millrace.control.command.sysctl;
