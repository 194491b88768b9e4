/// Interfaces: where a frame arrives and leaves as the router sees it, a port or a VLAN of one.
///
/// Start with [io.millrace.dataplane.iface.Interface]. Uses `io.millrace.packet`.
package io.millrace.dataplane.iface;
