/// What the control plane did, as events: printed by `trace events`, recorded by the JDK's Flight Recorder.
///
/// Start with [io.millrace.control.event.ControlEvent].
package io.millrace.control.event;
