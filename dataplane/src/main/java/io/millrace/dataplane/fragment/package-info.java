/// Cuts IPv4 packets that are longer than the MTU of the link they leave by.
///
/// Start with [io.millrace.dataplane.fragment.Ipv4Fragmenter]. Uses `io.millrace.packet`, `io.millrace.checksum` and
/// `io.millrace.dataplane.account`.
package io.millrace.dataplane.fragment;
