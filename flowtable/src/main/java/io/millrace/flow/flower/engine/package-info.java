/// Holds packets against flower filters and carries out their actions: one code for software and for a card whose
/// engine has the same hash.
///
/// Start with [io.millrace.flow.flower.engine.FlowerTable].
package io.millrace.flow.flower.engine;
