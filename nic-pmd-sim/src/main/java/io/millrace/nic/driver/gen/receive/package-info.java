/// What became of generated packets: per stream received, lost, duplicated, reordered, corrupted, and how late.
///
/// Start with [io.millrace.nic.driver.gen.receive.Receiver]. Uses `io.millrace.nic.driver.gen.stream`,
/// `io.millrace.checksum.walk` and `io.millrace.packet`; histograms are HdrHistogram's.
package io.millrace.nic.driver.gen.receive;
