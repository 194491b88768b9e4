/// Reads the checksums of captures, for the verb `checksum`.
///
/// Start with [io.millrace.control.checksum.CaptureChecksums].
package io.millrace.control.checksum;
