package io.millrace.dataplane.icmp;

/// Answers echo requests to this host in place: the request's slots become the reply.
public final class Echo {

    /// Answers or drops an ICMP echo request, checksum already found right. The packet is gone afterwards.
    public void answer4(int packet, int ingress, long nowNs) {
        throw new UnsupportedOperationException();
    }

    public void answer6(int packet, int ingress, long nowNs) {
        throw new UnsupportedOperationException();
    }
}
