/// The verb `simulate`: runs worlds of many seeds and reports the first in which something does not hold.
///
/// Start with [io.millrace.simulation.verb.SimulateVerb].
package io.millrace.simulation.verb;
