/// What people and chance do to a running router: commands to the real control verbs, drawn at random and noted in the
/// model, and what happens to links and neighbours.
///
/// Start with [io.millrace.simulation.change.Changes].
package io.millrace.simulation.change;
