/// What a simulated NIC does with a packet between the ring of a queue and its wire: cut, fill in checksums.
///
/// Start with [io.millrace.nic.sim.transmit.TransmitPipeline]. Uses `io.millrace.nic.sim.ring`,
/// `io.millrace.nic.sim.account`, `io.millrace.checksum` and `io.millrace.gso`.
package io.millrace.nic.sim.transmit;
