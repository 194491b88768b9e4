/// The verbs below `millrace firmware`, one file each.
///
/// Start with [io.millrace.control.verb.firmware.FirmwareVerb].
package io.millrace.control.verb.firmware;
