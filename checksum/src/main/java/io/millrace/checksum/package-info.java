/// Internet checksums: ones' complement sums over memory and over packets, pseudo headers, incremental update.
///
/// Start with [io.millrace.checksum.InternetChecksum]; [io.millrace.checksum.TransportChecksum] fills and checks whole
/// packets. Uses `io.millrace.packet`.
package io.millrace.checksum;
