/// Seeing inside: packets traced through the stages, and captured at ports and where they are dropped.
///
/// Start with [io.millrace.control.trace.Watching]. What happens on a worker's thread here happens only while somebody
/// looks.
package io.millrace.control.trace;
