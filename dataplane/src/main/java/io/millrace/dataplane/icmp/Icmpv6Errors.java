package io.millrace.dataplane.icmp;

/// Makes ICMPv6 errors (RFC 4443) and redirects (RFC 4861 §4.5) about IPv6 packets and sends them. Same contract as
/// [Icmpv4Errors].
public final class Icmpv6Errors {

    public boolean timeExceeded(int offender, int ingress, long nowNs) {
        throw new UnsupportedOperationException();
    }

    public boolean reassemblyTimeExceeded(int offender, int ingress, long nowNs) {
        throw new UnsupportedOperationException();
    }

    /// Destination unreachable; the codes are constants of [IcmpCodes].
    public boolean unreachable(int offender, int code, int ingress, long nowNs) {
        throw new UnsupportedOperationException();
    }

    public boolean packetTooBig(int offender, int mtuBytes, int ingress, long nowNs) {
        throw new UnsupportedOperationException();
    }

    /// `pointer` counts from the first byte of the IPv6 header.
    public boolean parameterProblem(int offender, int code, int pointer, int ingress, long nowNs) {
        throw new UnsupportedOperationException();
    }

    /// Tells the source that the address `gateway` is a better next hop towards the offender's target (or that the target
    /// is a neighbour, where `gateway` is the target itself). `gatewayMac` is 0 while unknown.
    public boolean redirect(int offender, long gatewayHigh, long gatewayLow, long gatewayMac, int ingress, long nowNs) {
        throw new UnsupportedOperationException();
    }
}
