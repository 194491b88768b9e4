/// The router as the oracle knows it: lists that are searched from front to back, changed by the same commands as the
/// real one.
///
/// Start with [io.millrace.simulation.model.ModelRouter].
package io.millrace.simulation.model;
