package io.millrace.packet.memory;

/// What a super-packet is to be cut into, and what must be kept in mind while cutting: bits, in [PacketMeta#gsoType].
/// Names and numbers are those of Linux 6.18 (`SKB_GSO_`). What Linux has beyond them (frames of FCoE, ESP, remote
/// checksums, lists of fragments) has no bit here, because nothing here makes or cuts it.
///
/// ```
///  what is cut              headers around it                      how
///  TCPV4   TCPV6            GRE         GRE_CSUM                   DODGY    TCP_ECN  TCP_ACCECN
///  UDP     UDP_L4           UDP_TUNNEL  UDP_TUNNEL_CSUM            PARTIAL  TCP_FIXEDID
///  SCTP                     IPXIP4      IPXIP6                              TCP_FIXEDID_INNER
/// ```
public final class GsoType {

    public static final int TCPV4 = 1;
    /// The numbers come from somebody who is not trusted.
    public static final int DODGY = 1 << 1;
    /// CWR may be set, and then belongs to the first segment alone.
    public static final int TCP_ECN = 1 << 2;
    public static final int TCPV6 = 1 << 4;
    public static final int GRE = 1 << 6;
    /// GRE with the C bit.
    public static final int GRE_CSUM = 1 << 7;
    /// An IP packet of either family in IPv4.
    public static final int IPXIP4 = 1 << 8;
    /// An IP packet of either family in IPv6.
    public static final int IPXIP6 = 1 << 9;
    /// VXLAN, Geneve and what else goes in UDP whose checksum is 0.
    public static final int UDP_TUNNEL = 1 << 10;
    public static final int UDP_TUNNEL_CSUM = 1 << 11;
    /// The device cuts the innermost headers only; those around are already as each segment needs them.
    public static final int PARTIAL = 1 << 12;
    public static final int SCTP = 1 << 14;
    /// One UDP datagram, to be cut into IP fragments (UFO).
    public static final int UDP = 1 << 16;
    /// UDP datagrams of one size but the last (USO).
    public static final int UDP_L4 = 1 << 17;
    /// CWR is a bit of AccECN's counter and stays in every segment.
    public static final int TCP_ACCECN = 1 << 19;
    /// Segments keep the id of the IPv4 header; of the outer one where there are two.
    public static final int TCP_FIXEDID = 1 << 30;
    /// Segments keep the id of an IPv4 header inside a tunnel.
    public static final int TCP_FIXEDID_INNER = 1 << 31;

    public static final int ANY_TCP = TCPV4 | TCPV6;
    public static final int ANY_TUNNEL = GRE | GRE_CSUM | IPXIP4 | IPXIP6 | UDP_TUNNEL | UDP_TUNNEL_CSUM;

    /// A GSO size: what each slot holds is the payload of one segment, whatever its length; of the first slot what lies
    /// behind the headers.
    public static final int BY_SLOTS = 0xffff;

    private GsoType() {}
}
