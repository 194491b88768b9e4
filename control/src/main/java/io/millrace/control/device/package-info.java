/// Simulated NICs as the control thread sees them: what they run, what is wanted of them and what came of it, and
/// their commands, waited for.
///
/// Start with [io.millrace.control.device.NicControl].
package io.millrace.control.device;
