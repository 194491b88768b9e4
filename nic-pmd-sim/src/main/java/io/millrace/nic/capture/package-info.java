/// Capture files: reads and writes pcap and pcapng of any size, packet by packet, without a copy in between.
///
/// Start with [io.millrace.nic.capture.CaptureReader] and [io.millrace.nic.capture.CaptureWriter]. The layouts are in
/// [io.millrace.nic.capture.PcapFormat] and [io.millrace.nic.capture.PcapngFormat]. Uses `io.millrace.packet.memory`.
package io.millrace.nic.capture;
