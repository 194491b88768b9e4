package io.millrace.testkit;

/// The two addresses of an IP packet which a transport checksum covers: 4 or 16 bytes each. With a routing header
/// that is not used up the target is the final one (RFC 8200 §8.1).
public record Endpoints(byte[] source, byte[] target) {

    static Endpoints around(Layer transport) {
        Layer outer = transport.outer();
        Endpoints endpoints = outer == null ? null : outer.endpoints();
        if (endpoints == null) {
            throw new IllegalStateException("the checksum of " + transport.getClass().getSimpleName()
                + " needs an IP header directly around it: append one before, or set the checksum");
        }
        return endpoints;
    }

    /// Fills the checksum of a segment whose checksum field is zero: the value set by the test, the right one, or
    /// with `isPartial` the folded sum of the pseudo header, as an operating system leaves it to a network card.
    static byte[] fill(Layer transport, byte[] segment, int protocol, int checksum, boolean isPartial) {
        int at = NaiveChecksum.checksumAt(protocol);
        if (checksum != Layer.AUTO) {
            Octets.u16(segment, at, checksum);
            return segment;
        }
        Endpoints endpoints = around(transport);
        if (isPartial) {
            byte[] pseudo = NaiveChecksum.pseudoHeader(endpoints.source, endpoints.target, protocol, segment.length);
            Octets.u16(segment, at, NaiveChecksum.sum(pseudo, 0, pseudo.length));
        } else {
            Octets.u16(segment, at, NaiveChecksum.transport(protocol, endpoints.source, endpoints.target, segment));
        }
        return segment;
    }
}
