/// The hosts around the router: they ask and answer for MAC addresses, and hold conversations whose every packet is in
/// the journal.
///
/// Start with [io.millrace.simulation.traffic.Surroundings].
package io.millrace.simulation.traffic;
