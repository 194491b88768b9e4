/// The switch inside a simulated NIC: its modes, how it changes from one to the other under traffic, and how it
/// switches by MAC address in `legacy`.
///
/// Start with [io.millrace.nic.sim.eswitch.Eswitch]. Uses `io.millrace.nic.sim.mailbox` and
/// `io.millrace.nic.sim.account`.
package io.millrace.nic.sim.eswitch;
