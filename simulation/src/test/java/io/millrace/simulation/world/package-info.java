/// The simulated world held against seeds: fresh ones, past ones, and ones with planted bugs.
///
/// Start with [io.millrace.simulation.world.SimulatedWorldTest].
package io.millrace.simulation.world;
