/// Firmware images as files, and what there is to say about one.
///
/// Start with [io.millrace.control.firmware.FirmwareFile].
package io.millrace.control.firmware;
