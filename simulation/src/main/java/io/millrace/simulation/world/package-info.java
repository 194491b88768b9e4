/// The simulated world: the real dataplane and its control verbs on one thread, in virtual time, between ports that are
/// lists of frames; and everything that must hold of it.
///
/// Start with [io.millrace.simulation.world.World].
package io.millrace.simulation.world;
