package io.millrace.dataplane.icmp;

/// The end of the way for IPv4 and IPv6 packets whose target is this host: echo requests are answered, UDP and TCP are
/// refused as a host without sockets refuses them, unknown protocols too, everything else is consumed.
///
/// Every packet handed over is gone afterwards, with its verdict counted. Its metadata says where the IP header lies
/// (`l3`), how the frame was addressed (`linkClass`); the header is valid, its options have been checked (of IPv6: the
/// hop-by-hop header), and the packet is trimmed to its length. ARP and neighbour discovery do not come here. Belongs
/// to one worker.
public final class LocalDelivery {

    private final LocalIpv4 ipv4;
    private final LocalIpv6 ipv6;

    LocalDelivery(LocalIpv4 ipv4, LocalIpv6 ipv6) {
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
    }

    /// `isBroadcast` says that the target is a broadcast address of one of this host's networks.
    public void deliver4(int packet, boolean isBroadcast, int ingress, long nowNs) {
        ipv4.deliver(packet, isBroadcast, ingress, nowNs);
    }

    public void deliver6(int packet, int ingress, long nowNs) {
        ipv6.deliver(packet, ingress, nowNs);
    }
}
