/// What TC flower filters say: keys with masks, actions, flags, and the rules by which Linux accepts and orders them.
///
/// Start with [io.millrace.flow.flower.FlowerFilter]; [io.millrace.flow.flower.FlowerBlock] is what commands change.
/// The package beside it, `engine`, holds packets against filters.
package io.millrace.flow.flower;
