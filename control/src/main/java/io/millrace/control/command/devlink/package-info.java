/// `devlink`: the firmware, the parser, the resources and the health of a simulated NIC, with devlink's output and
/// messages.
///
/// Start with [io.millrace.control.command.devlink.DevlinkVerb].
package io.millrace.control.command.devlink;
