/// `show`: ports, workers, verdicts and the process itself.
///
/// Start with [io.millrace.control.command.show.ShowVerb].
package io.millrace.control.command.show;
