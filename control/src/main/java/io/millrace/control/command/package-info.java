/// The verbs of the control socket: one file each, text to a change or to an answer.
///
/// Start with [io.millrace.control.command.ControlVerb]. All run on the control thread.
package io.millrace.control.command;
