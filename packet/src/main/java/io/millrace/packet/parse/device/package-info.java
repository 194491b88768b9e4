/// Parse programs compiled for a device: a table image, and a simulated device's engine that runs it.
///
/// Start with [io.millrace.packet.parse.device.ParseImage] and [io.millrace.packet.parse.device.DeviceParser].
/// Uses `io.millrace.packet.parse.canonical`.
package io.millrace.packet.parse.device;
