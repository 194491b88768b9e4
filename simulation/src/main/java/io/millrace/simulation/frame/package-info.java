/// Frames as arrays of bytes, written and taken apart without anything of the dataplane: what the hosts of the
/// simulated world send, and what its oracle reads.
///
/// Start with [io.millrace.simulation.frame.FrameWriter] and [io.millrace.simulation.frame.SeenFrame].
package io.millrace.simulation.frame;
