/// Cuts IPv4 packets that are longer than the MTU of the link they leave by, and packets of both families that were put
/// together here.
///
/// Start with [io.millrace.dataplane.fragment.Ipv4Fragmenter]. Uses `io.millrace.packet`, `io.millrace.checksum` and
/// `io.millrace.dataplane.account`.
package io.millrace.dataplane.fragment;
