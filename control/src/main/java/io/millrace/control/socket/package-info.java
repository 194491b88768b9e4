/// The control socket: JSON-RPC 2.0 over a Unix domain socket, one message a line. `docs/control.md` describes it.
///
/// Start with [io.millrace.control.socket.ControlSocket]. Knows nothing of verbs: each message is a
/// [io.millrace.control.socket.Request] for whoever serves it.
package io.millrace.control.socket;
