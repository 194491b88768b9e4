/// The driver `tap`: a port whose wire is a network interface of this machine's kernel.
///
/// Start with [io.millrace.nic.driver.tap.TapPort]. Uses `io.millrace.nic.port` and `io.millrace.nic.system`.
package io.millrace.nic.driver.tap;
