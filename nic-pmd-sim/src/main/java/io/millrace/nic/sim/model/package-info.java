/// What a simulated NIC can do and where its limits are: the models that ship and files of others.
///
/// Start with [io.millrace.nic.sim.model.NicModel]. Uses `io.millrace.packet` and `io.millrace.gso`.
package io.millrace.nic.sim.model;
