/// `millrace ctl`: the control socket's client, for people and scripts.
///
/// Start with [io.millrace.control.ctl.CtlVerb].
package io.millrace.control.ctl;
