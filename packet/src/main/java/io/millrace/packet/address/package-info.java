/// Addresses as the control plane holds them: records that compare, print and are read from text.
///
/// Start with [io.millrace.packet.address.IpAddress]. The data path holds addresses as plain numbers, which are the
/// records' components. Nothing here asks a name service. Uses `io.millrace.packet.memory`.
package io.millrace.packet.address;
