/// The flow table: both directions of each established connection with all that a hit needs, off the heap, found in two
/// reads of memory a packet.
///
/// Start with [io.millrace.flow.table.FlowTable]; [io.millrace.flow.table.FlowLine] says how an entry lies in memory.
/// Uses `io.millrace.packet.memory` and `io.millrace.checksum`. Used by `io.millrace.flow.path`.
package io.millrace.flow.table;
