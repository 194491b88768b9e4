/// What TC flower filters say: keys with masks, actions, flags, and which keys Linux accepts beside each other.
///
/// Start with [io.millrace.flow.flower.FlowerFilter]. `engine` holds packets against filters, `block` is what commands
/// change.
package io.millrace.flow.flower;
