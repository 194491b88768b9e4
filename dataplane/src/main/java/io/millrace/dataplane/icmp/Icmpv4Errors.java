package io.millrace.dataplane.icmp;

/// Makes ICMP errors about IPv4 packets (RFC 792, RFC 1812 §4.3) and sends them.
///
/// Every method leaves the offending packet with the caller, who drops it (or, after a redirect, sends it on), and
/// returns true if an error went out. If none did, [SuppressedErrors] has counted why.
///
/// The offender is quoted as it stands: hand it over before its TTL is decremented where the error should show the
/// original TTL. Its metadata says where the IPv4 header lies (`l3`); the Ethernet header it came with still lies in
/// front of it. `ingress` is the interface it came by.
public final class Icmpv4Errors {

    /// TTL used up in transit.
    public boolean timeExceeded(int offender, int ingress, long nowNs) {
        throw new UnsupportedOperationException();
    }

    /// A datagram's pieces did not all arrive in time; the offender is its first piece.
    public boolean reassemblyTimeExceeded(int offender, int ingress, long nowNs) {
        throw new UnsupportedOperationException();
    }

    /// No route (`NET_UNREACHABLE`), or one of type unreachable (`HOST_UNREACHABLE`) or prohibit (`PROHIBITED`): limited
    /// by the bucket that Linux keeps for route errors, then like any other error.
    public boolean routeError(int offender, int code, int ingress, long nowNs) {
        throw new UnsupportedOperationException();
    }

    /// Any other destination unreachable: failed neighbour, port, protocol, source route.
    public boolean unreachable(int offender, int code, int ingress, long nowNs) {
        throw new UnsupportedOperationException();
    }

    /// Too long for the next link and DF set.
    public boolean fragmentationNeeded(int offender, int mtuBytes, int ingress, long nowNs) {
        throw new UnsupportedOperationException();
    }

    /// `pointer` counts from the first byte of the IPv4 header.
    public boolean parameterProblem(int offender, int pointer, int ingress, long nowNs) {
        throw new UnsupportedOperationException();
    }

    /// Tells the source that `gateway` is a better next hop towards the offender's target. The caller has found that the
    /// packet leaves by the interface it came by, and that source and gateway are on one link.
    public boolean redirect(int offender, int gateway, int ingress, long nowNs) {
        throw new UnsupportedOperationException();
    }
}
