/// `ethtool`: what a port is and what it counted, with ethtool's output and messages.
///
/// Start with [io.millrace.control.command.ethtool.EthtoolVerb].
package io.millrace.control.command.ethtool;
