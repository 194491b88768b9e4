/// The filters of a hook as commands see them: identities, the order Linux gives them, hardware's part and its reasons.
///
/// Start with [io.millrace.flow.flower.block.FlowerBlock]. For the control thread.
package io.millrace.flow.flower.block;
