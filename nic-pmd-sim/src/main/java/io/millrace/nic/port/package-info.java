/// What a port is to the rest of Millrace: receive a burst, transmit a burst, say what it can do and what it counted.
///
/// Start with [io.millrace.nic.port.Port]. Drivers implement it in packages of their own; nobody but the wiring in
/// `control` names a driver. Uses `io.millrace.packet`.
package io.millrace.nic.port;
