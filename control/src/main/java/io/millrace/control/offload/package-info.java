/// What merging and segmenting make of the packets of a capture, for the verbs `gro` and `gso`.
///
/// Start with [io.millrace.control.offload.PacketLines].
package io.millrace.control.offload;
