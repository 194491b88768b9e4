/// Connections: the table that holds them and the tracker that finds, makes and changes them packet by packet, as
/// Linux's conntrack does. Owned by one worker.
///
/// Start with [io.millrace.flow.track.ConnectionTracker] and [io.millrace.flow.track.ConnectionTable]. Uses
/// `io.millrace.flow.tuple`. Used by `io.millrace.flow.nat` and all behind it.
package io.millrace.flow.track;
