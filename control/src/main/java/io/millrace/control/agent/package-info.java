/// The control thread: takes requests from the socket, one at a time, and has the verbs carry them out.
///
/// Start with [io.millrace.control.agent.LiveControl].
package io.millrace.control.agent;
