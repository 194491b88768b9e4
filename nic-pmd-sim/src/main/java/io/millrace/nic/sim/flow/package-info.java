/// The flow table of a simulated NIC: connections whose packets go from wire to wire without a worker, and how they
/// come there and leave again without one packet overtaking another.
///
/// The contract towards who chooses the connections:
///
/// - A connection is two entries, one for each direction, in one slot. It is named by (slot, generation); whatever
///   names an old generation is refused as `STALE` and counted.
/// - An entry is added *armed*: the device gives its packets to the worker and notes the place of the last one in its
///   queue. The worker publishes up to where every packet has left it. The entry is *active* from the first packet
///   that finds the noted place published, and every place that was taken when the way to a queue last changed.
/// - An active entry does to a packet what the software flow path does: it is the same code over the same kind of
///   table. What that does not do exactly, and every SYN, FIN and RST, goes to the worker untouched; these three
///   also stop the connection's entries.
/// - A stopped entry matches nothing any more and still counts what it counted. Removing one stops it first. What the
///   device sent before lies before what the worker sends afterwards: both use one wire, in turn.
/// - Both ports of a connection belong to the NIC, both without tags and sessions; the way out is a finished header.
///
/// Start with [io.millrace.nic.sim.flow.DeviceFlows]. Uses `io.millrace.flow.table`, `io.millrace.flow.path`,
/// `io.millrace.nic.sim.steer`, `io.millrace.nic.sim.mailbox` and `io.millrace.nic.sim.fault`.
package io.millrace.nic.sim.flow;
