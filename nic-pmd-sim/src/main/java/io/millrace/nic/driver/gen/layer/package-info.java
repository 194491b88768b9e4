/// Headers as data: which fields a protocol has, a stack of them with values, and the frame that comes of it, with
/// lengths, protocol numbers and checksums filled in.
///
/// Start with [io.millrace.nic.driver.gen.layer.LayerStack], then [io.millrace.nic.driver.gen.layer.LayerKind]. Uses
/// `io.millrace.packet` and `io.millrace.checksum`.
package io.millrace.nic.driver.gen.layer;
