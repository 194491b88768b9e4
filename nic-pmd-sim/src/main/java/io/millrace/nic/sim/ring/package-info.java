/// What lies between the two sides of a queue: rings of descriptors with their doorbells and completions.
///
/// Start with [io.millrace.nic.sim.ring.DescriptorQueue]. Uses `io.millrace.packet.memory`.
package io.millrace.nic.sim.ring;
