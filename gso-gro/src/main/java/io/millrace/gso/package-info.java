/// Segmentation: one super-packet in, packets of the size that the wire takes out, exactly as Linux cuts them.
///
/// Start with [io.millrace.gso.GsoHelp], which decides who cuts, and [io.millrace.gso.Segmentation], which does it.
/// Uses `io.millrace.packet.memory` and `io.millrace.checksum`.
package io.millrace.gso;
