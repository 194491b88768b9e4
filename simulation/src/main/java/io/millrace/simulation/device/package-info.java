/// The simulated NICs between the router's ports and their wires: which there are, how they err, and whether what they
/// hold is what software knows of.
///
/// Start with [io.millrace.simulation.device.SimulatedNics].
package io.millrace.simulation.device;
