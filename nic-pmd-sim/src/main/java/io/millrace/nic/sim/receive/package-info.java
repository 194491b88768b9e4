/// What a simulated NIC does with a packet between its wire and the ring of a queue: parse, checksum, hash, steer,
/// merge.
///
/// Start with [io.millrace.nic.sim.receive.ReceivePipeline]. Uses `io.millrace.nic.sim.steer`,
/// `io.millrace.nic.sim.flow`,
/// `io.millrace.nic.sim.ring`, `io.millrace.nic.sim.account`, `io.millrace.checksum` and `io.millrace.gro`.
package io.millrace.nic.sim.receive;
