package io.millrace.dataplane.icmp;

/// The end of the way for IPv4 and IPv6 packets whose target is this host: echo requests are answered, UDP and TCP are
/// refused as a host without sockets refuses them, unknown protocols too, everything else is consumed.
///
/// Every packet handed over is gone afterwards, with its verdict counted. Headers up to the transport header have been
/// checked and their places are in the metadata (`l3`, `l4`, `end`, `proto`, `flags`). ARP and neighbour discovery do
/// not come here.
public final class LocalDelivery {

    /// `isBroadcast` says that the target is a broadcast address of one of this host's networks.
    public void deliver4(int packet, boolean isBroadcast, int ingress, long nowNs) {
        throw new UnsupportedOperationException();
    }

    public void deliver6(int packet, int ingress, long nowNs) {
        throw new UnsupportedOperationException();
    }
}
