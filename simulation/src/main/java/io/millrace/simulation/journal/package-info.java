/// What happened in a run: every datagram that the hosts sent and what became of each of its bytes, the last events,
/// and the rule that was broken.
///
/// Start with [io.millrace.simulation.journal.Journal].
package io.millrace.simulation.journal;
