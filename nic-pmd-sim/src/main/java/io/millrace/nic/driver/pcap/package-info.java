/// The driver `pcap`: a port whose wires are capture files.
///
/// Start with [io.millrace.nic.driver.pcap.PcapPort]. Uses `io.millrace.nic.capture`, `io.millrace.nic.port`,
/// `io.millrace.nic.driver.slot` and `io.millrace.packet.memory`.
package io.millrace.nic.driver.pcap;
