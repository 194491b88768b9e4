/// `conntrack`, with the options, output and messages of conntrack-tools.
///
/// Start with [io.millrace.control.command.conntrack.ConntrackVerb].
package io.millrace.control.command.conntrack;
