/// Who talks to whom: the addresses and ports of one direction of a connection, read from packets, inverted, hashed and
/// laid out off heap.
///
/// Start with [io.millrace.flow.tuple.Tuple]. Uses `io.millrace.packet`, `io.millrace.checksum`. Used by
/// `io.millrace.flow.track` and all behind it.
package io.millrace.flow.tuple;
