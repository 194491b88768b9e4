/// Captures read packet by packet into packet memory, for verbs that look at files.
///
/// Start with [io.millrace.control.capture.CapturePackets].
package io.millrace.control.capture;
