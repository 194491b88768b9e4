/// `fault`: what a simulated NIC does wrong, set while it runs.
///
/// Start with [io.millrace.control.command.fault.FaultVerb].
package io.millrace.control.command.fault;
