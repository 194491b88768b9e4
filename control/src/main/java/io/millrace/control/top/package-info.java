/// `millrace top`: what a run is doing, read from its counter file.
///
/// Start with [io.millrace.control.top.TopVerb].
package io.millrace.control.top;
