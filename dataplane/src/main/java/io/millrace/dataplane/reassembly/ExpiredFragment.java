package io.millrace.dataplane.reassembly;

/// Is shown the first fragment of a datagram whose other fragments did not come in time, where that first one came.
/// Linux then sends a time exceeded message with code 1: of IPv6 always, of IPv4 before connection tracking only if the
/// target is this host's own address.
public interface ExpiredFragment {

    /// Nobody is told.
    ExpiredFragment IGNORED = (packet, nowNs) -> { };

    /// The packet is only lent: as it came, `l3` and `ingress` set. It is dropped afterwards.
    void expired(int packet, long nowNs);
}
