package io.millrace.testkit;

/// The Internet checksum (RFC 1071) and CRC32c, computed in the most obvious way over byte arrays.
///
/// An oracle: it adds one 16-bit word after the other and shifts one bit after the other, and shares nothing with
/// what it checks. A *sum* is the folded 16-bit ones' complement sum; a *checksum* is its complement, the value that
/// the header field must hold.
public final class NaiveChecksum {

    public static final int ICMP = 1;
    public static final int IGMP = 2;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int DCCP = 33;
    public static final int GRE = 47;
    public static final int ICMPV6 = 58;
    public static final int SCTP = 132;
    public static final int UDP_LITE = 136;

    /// RFC 3309 appendix A: the polynomial 0x1EDC6F41 with its bits in reverse, as CRC32c shifts right.
    private static final int CRC32C_REVERSED = 0x82F63B78;

    /// Sum over a range; an odd last byte counts as the high half of a word.
    public static int sum(byte[] bytes, int at, int byteCount) {
        int sum = 0;
        for (int i = 0; i < byteCount; i += 2) {
            int low = i + 1 < byteCount ? Octets.u8(bytes, at + i + 1) : 0;
            sum = add(sum, Octets.u8(bytes, at + i) << 8 | low);
        }
        return sum;
    }

    /// Ones' complement addition of two 16-bit words.
    public static int add(int left, int right) {
        int sum = left + right;
        return (sum & 0xffff) + (sum >>> 16);
    }

    /// Checksum over a range whose checksum field is to be counted as it stands (so zero it first).
    public static int of(byte[] bytes, int at, int byteCount) {
        return ~sum(bytes, at, byteCount) & 0xffff;
    }

    /// The pseudo header of RFC 9293 §3.1 (4-byte addresses) or RFC 8200 §8.1 (16-byte addresses).
    public static byte[] pseudoHeader(byte[] source, byte[] target, int protocol, int transportBytes) {
        if (source.length != target.length) {
            throw new IllegalArgumentException("addresses of one family wanted, got "
                + source.length + " and " + target.length + " bytes");
        }
        Octets header = new Octets().bytes(source).bytes(target);
        if (source.length == 4) return header.u8(0).u8(protocol).u16(transportBytes).toBytes();
        return header.u32(transportBytes).zeros(3).u8(protocol).toBytes();
    }

    /// What the checksum field of the IPv4 header at `at` must hold. Trusts the header length.
    public static int ipv4(byte[] bytes, int at) {
        int headerBytes = (Octets.u8(bytes, at) & 0xf) * 4;
        byte[] header = Octets.range(bytes, at, headerBytes);
        Octets.u16(header, 10, 0);
        return of(header, 0, headerBytes);
    }

    public static boolean isIpv4Valid(byte[] bytes, int at) {
        return sum(bytes, at, (Octets.u8(bytes, at) & 0xf) * 4) == 0xffff;
    }

    /// What the 16-bit checksum field of this transport segment must hold; see [#isValid] for what it covers.
    public static int transport(int protocol, byte[] source, byte[] target, byte[] segment) {
        byte[] zeroed = segment.clone();
        Octets.u16(zeroed, checksumAt(protocol), 0);
        int checksum = ~covered(protocol, source, target, zeroed) & 0xffff;
        boolean isZeroForbidden = protocol == UDP || protocol == UDP_LITE;
        return isZeroForbidden && checksum == 0 ? 0xffff : checksum;
    }

    /// True if the checksum of this transport segment (header and payload, no padding) is right. A UDP checksum of
    /// zero means "not computed" and is no valid checksum to this method.
    ///
    /// TCP, UDP, ICMPv6 and, by their coverage, UDP-Lite (RFC 3828 §3.1) and DCCP (RFC 4340 §9) include the pseudo
    /// header; ICMP, IGMP and GRE do not. UDP ends where its own length says, unless that cannot be. SCTP has a CRC
    /// instead.
    public static boolean isValid(int protocol, byte[] source, byte[] target, byte[] segment) {
        if (protocol == SCTP) return isSctpValid(segment);
        if (protocol == UDP && Octets.u16(segment, 6) == 0) return false;
        return covered(protocol, source, target, segment) == 0xffff;
    }

    /// Where the 16-bit checksum lies in the header.
    public static int checksumAt(int protocol) {
        return switch (protocol) {
            case ICMP, ICMPV6, IGMP -> 2;
            case GRE -> 4;
            case UDP, UDP_LITE, DCCP -> 6;
            case TCP -> 16;
            default -> throw new IllegalArgumentException("no Internet checksum known for protocol " + protocol);
        };
    }

    private static int covered(int protocol, byte[] source, byte[] target, byte[] segment) {
        int coveredBytes = coveredBytes(protocol, segment);
        int sum = sum(segment, 0, coveredBytes);
        if (protocol == ICMP || protocol == IGMP || protocol == GRE) return sum;
        int transportBytes = protocol == UDP ? coveredBytes : segment.length;
        byte[] pseudoHeader = pseudoHeader(source, target, protocol, transportBytes);
        return add(sum, sum(pseudoHeader, 0, pseudoHeader.length));
    }

    private static int coveredBytes(int protocol, byte[] segment) {
        if (protocol == UDP) {
            int datagramBytes = Octets.u16(segment, 4);
            return datagramBytes >= 8 && datagramBytes <= segment.length ? datagramBytes : segment.length;
        }
        if (protocol == UDP_LITE) {
            int coverage = Octets.u16(segment, 4);
            boolean isLegal = coverage == 0 || coverage >= 8 && coverage <= segment.length;
            if (!isLegal) throw new IllegalArgumentException("UDP-Lite coverage must be 0 or 8 to "
                + segment.length + ", got " + coverage);
            return coverage == 0 ? segment.length : coverage;
        }
        if (protocol == DCCP) {
            int coverage = Octets.u8(segment, 5) & 0xf;
            int headerBytes = Octets.u8(segment, 4) * 4;
            int coveredBytes = coverage == 0 ? segment.length : headerBytes + (coverage - 1) * 4;
            if (coveredBytes > segment.length) throw new IllegalArgumentException("DCCP coverage must be at most "
                + segment.length + " bytes, got " + coveredBytes);
            return coveredBytes;
        }
        return segment.length;
    }

    /// CRC32c bit by bit (RFC 9260 appendix A gives the rule; the result is not yet in the order of the wire).
    public static int crc32c(byte[] bytes, int at, int byteCount) {
        int crc = 0xffffffff;
        for (int i = 0; i < byteCount; i++) {
            crc ^= Octets.u8(bytes, at + i);
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ CRC32C_REVERSED;
            }
        }
        return ~crc;
    }

    /// The four bytes at 8 of an SCTP packet, read in network order: the CRC32c travels with its low byte first.
    public static long sctp(byte[] packet) {
        byte[] zeroed = packet.clone();
        Octets.u16(zeroed, 8, 0);
        Octets.u16(zeroed, 10, 0);
        return Integer.toUnsignedLong(Integer.reverseBytes(crc32c(zeroed, 0, zeroed.length)));
    }

    public static boolean isSctpValid(byte[] packet) {
        return Octets.u32(packet, 8) == sctp(packet);
    }

    private NaiveChecksum() {}
}
