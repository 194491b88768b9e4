package io.millrace.testkit;

import java.util.ArrayList;
import java.util.List;

/// Cuts super-frames into the frames that go on a wire, by the most obvious code: each layer has what is inside it cut,
/// and puts a copy of its header in front of each piece, with lengths, ids and checksums computed from scratch. What the
/// checksum fields of the super-frame hold does not matter.
///
/// Knows Ethernet, VLAN tags, MPLS, IPv4, IPv6 with extension headers, TCP, UDP, SCTP, IP in IP, GRE, VXLAN (port 4789)
/// and Geneve (port 6081). Trusts the frame.
public final class NaiveSegmenter {

    private static final int FIN_PSH = 0x09;
    private static final int CWR = 0x80;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int DESTINATION = 60;

    private final int size;
    private boolean isOuterIdFixed;
    private boolean isInnerIdFixed;
    private boolean isCwrKept;
    private boolean isFragmenting;
    private boolean hasUdpTunnel;
    private boolean hasTunnelSum;
    private long fragmentId;
    private int[] chunkSizes = {};

    /// @param size payload bytes of each segment but the last
    public NaiveSegmenter(int size) {
        this.size = size;
    }

    /// Outermost IPv4 headers, and those inside others, keep their id.
    public NaiveSegmenter fixedIds(boolean outer, boolean inner) {
        this.isOuterIdFixed = outer;
        this.isInnerIdFixed = inner;
        return this;
    }

    /// CWR stays in every segment, not in the first alone.
    public NaiveSegmenter keepingCwr() {
        this.isCwrKept = true;
        return this;
    }

    /// Makes IP fragments of a UDP datagram, those of IPv6 with this identification.
    public NaiveSegmenter fragments(long identification) {
        this.isFragmenting = true;
        this.fragmentId = identification;
        return this;
    }

    /// The outermost UDP header is a tunnel's, with or without a checksum.
    public NaiveSegmenter udpTunnel(boolean hasSum) {
        this.hasUdpTunnel = true;
        this.hasTunnelSum = hasSum;
        return this;
    }

    /// SCTP packets have these bytes of chunks, one after the other.
    public NaiveSegmenter chunks(int... bytes) {
        this.chunkSizes = bytes.clone();
        return this;
    }

    public List<byte[]> cut(byte[] frame) {
        return ethernet(frame, 0, hasUdpTunnel);
    }

    private List<byte[]> ethernet(byte[] frame, int ipDepth, boolean isTunnelAhead) {
        int at = 14;
        int type = Octets.u16(frame, 12);
        while (type == 0x8100 || type == 0x88a8) {
            type = Octets.u16(frame, at + 2);
            at += 4;
        }
        if (type == 0x8847) {
            while ((frame[at + 2] & 1) == 0) at += 4;
            at += 4;
            type = frame[at] >>> 4 == 4 ? 0x0800 : 0x86dd;
        }
        return prepend(front(frame, at), network(type, behind(frame, at), ipDepth, isTunnelAhead));
    }

    private List<byte[]> network(int etherType, byte[] bytes, int ipDepth, boolean isTunnelAhead) {
        return switch (etherType) {
            case 0x0800 -> ipv4(bytes, ipDepth, isTunnelAhead);
            case 0x86dd -> ipv6(bytes, ipDepth, isTunnelAhead);
            case 0x6558 -> ethernet(bytes, ipDepth, isTunnelAhead);
            default -> throw new IllegalArgumentException("EtherType " + Integer.toHexString(etherType));
        };
    }

    private List<byte[]> ipv4(byte[] packet, int ipDepth, boolean isTunnelAhead) {
        int headerBytes = (packet[0] & 15) * 4;
        int protocol = Octets.u8(packet, 9);
        byte[] header = front(packet, headerBytes);
        byte[] inside = behind(packet, headerBytes);
        Endpoints ends = new Endpoints(Octets.range(packet, 12, 4), Octets.range(packet, 16, 4));
        boolean isFragmented = isFragmenting && protocol == NaiveChecksum.UDP;
        List<byte[]> pieces = isFragmented ? slices(withChecksum(17, ends, inside), size)
            : transport(protocol, inside, ends, ipDepth + 1, isTunnelAhead);
        boolean isIdKept = isFragmented || (ipDepth == 0 ? isOuterIdFixed : isInnerIdFixed);
        List<byte[]> packets = new ArrayList<>();
        int doneBytes = 0;
        for (byte[] piece : pieces) {
            byte[] copy = header.clone();
            Octets.u16(copy, 2, headerBytes + piece.length);
            if (!isIdKept) Octets.u16(copy, 4, Octets.u16(header, 4) + packets.size() & 0xffff);
            if (isFragmented) Octets.u16(copy, 6, doneBytes / 8 | (isLast(packets, pieces) ? 0 : 0x2000));
            Octets.u16(copy, 10, NaiveChecksum.ipv4(copy, 0));
            packets.add(Octets.concat(copy, piece));
            doneBytes += piece.length;
        }
        return packets;
    }

    private List<byte[]> ipv6(byte[] given, int ipDepth, boolean isTunnelAhead) {
        byte[] packet = withoutJumbo(given);
        Endpoints ends = new Endpoints(Octets.range(packet, 8, 16), Octets.range(packet, 24, 16));
        int nextAt = 6;
        int at = 40;
        int cutAt = 0;
        int cutNextAt = 0;
        boolean isRouted = false;
        for (int next = packet[6]; next == HOP_BY_HOP || next == ROUTING || next == DESTINATION; next = packet[nextAt]) {
            if (next == DESTINATION && isRouted && cutAt == 0) {
                cutAt = at;
                cutNextAt = nextAt;
            }
            isRouted |= next == ROUTING;
            nextAt = at;
            at += (Octets.u8(packet, at + 1) + 1) * 8;
        }
        int protocol = Octets.u8(packet, nextAt);
        byte[] header = front(packet, at);
        List<byte[]> pieces;
        if (isFragmenting && protocol == NaiveChecksum.UDP) {
            int unfragmentableBytes = cutAt == 0 ? at : cutAt;
            byte[] datagram = withChecksum(17, ends, behind(packet, at));
            byte[] whole = Octets.concat(Octets.range(packet, unfragmentableBytes, at - unfragmentableBytes), datagram);
            int namesNextAt = cutAt == 0 ? nextAt : cutNextAt;
            pieces = fragments(whole, packet[namesNextAt]);
            header = front(packet, unfragmentableBytes);
            header[namesNextAt] = FRAGMENT;
        } else {
            pieces = transport(protocol, behind(packet, at), ends, ipDepth + 1, isTunnelAhead);
        }
        List<byte[]> packets = new ArrayList<>();
        for (byte[] piece : pieces) {
            byte[] copy = header.clone();
            Octets.u16(copy, 4, header.length - 40 + piece.length);
            packets.add(Octets.concat(copy, piece));
        }
        return packets;
    }

    /// The parts of a datagram, each behind a fragment header.
    private List<byte[]> fragments(byte[] whole, byte nextHeader) {
        List<byte[]> slices = slices(whole, size);
        List<byte[]> pieces = new ArrayList<>();
        for (byte[] slice : slices) {
            byte[] header = new byte[8];
            header[0] = nextHeader;
            Octets.u16(header, 2, pieces.size() * size | (isLast(pieces, slices) ? 0 : 1));
            Octets.u32(header, 4, fragmentId);
            pieces.add(Octets.concat(header, slice));
        }
        return pieces;
    }

    private static byte[] withoutJumbo(byte[] packet) {
        boolean isJumbo = packet.length > 65_500 && packet[6] == HOP_BY_HOP && Octets.u16(packet, 42) == 0xc204;
        if (!isJumbo) return packet;
        byte[] header = front(packet, 40);
        header[6] = packet[40];
        return Octets.concat(header, behind(packet, 48));
    }

    private List<byte[]> transport(int protocol, byte[] bytes, Endpoints ends, int ipDepth, boolean isTunnelAhead) {
        return switch (protocol) {
            case NaiveChecksum.TCP -> tcp(bytes, ends);
            case NaiveChecksum.UDP -> isTunnelAhead ? udpTunnel(bytes, ends, ipDepth) : udp(bytes, ends);
            case NaiveChecksum.SCTP -> sctp(bytes);
            case NaiveChecksum.GRE -> gre(bytes, ipDepth, isTunnelAhead);
            case 4 -> ipv4(bytes, ipDepth, isTunnelAhead);
            case 41 -> ipv6(bytes, ipDepth, isTunnelAhead);
            default -> throw new IllegalArgumentException("protocol " + protocol);
        };
    }

    private List<byte[]> tcp(byte[] segment, Endpoints ends) {
        int headerBytes = (Octets.u8(segment, 12) >>> 4) * 4;
        List<byte[]> slices = slices(behind(segment, headerBytes), size);
        List<byte[]> segments = new ArrayList<>();
        for (byte[] slice : slices) {
            byte[] header = front(segment, headerBytes);
            Octets.u32(header, 4, Octets.u32(segment, 4) + (long) segments.size() * size & 0xffff_ffffL);
            if (!isLast(segments, slices)) header[13] = (byte) (header[13] & ~FIN_PSH);
            if (!segments.isEmpty() && !isCwrKept) header[13] = (byte) (header[13] & ~CWR);
            segments.add(withChecksum(NaiveChecksum.TCP, ends, Octets.concat(header, slice)));
        }
        return segments;
    }

    private List<byte[]> udp(byte[] datagram, Endpoints ends) {
        List<byte[]> datagrams = new ArrayList<>();
        for (byte[] slice : slices(behind(datagram, 8), size)) {
            byte[] header = front(datagram, 8);
            Octets.u16(header, 4, 8 + slice.length);
            datagrams.add(withChecksum(NaiveChecksum.UDP, ends, Octets.concat(header, slice)));
        }
        return datagrams;
    }

    private List<byte[]> udpTunnel(byte[] datagram, Endpoints ends, int ipDepth) {
        int port = Octets.u16(datagram, 2);
        boolean isGeneve = port == 6081;
        if (!isGeneve && port != VxlanLayer.UDP_PORT) throw new IllegalArgumentException("tunnel on port " + port);
        int headerBytes = 16 + (isGeneve ? (datagram[8] & 0x3f) * 4 : 0);
        int etherType = isGeneve ? Octets.u16(datagram, 10) : 0x6558;
        List<byte[]> datagrams = new ArrayList<>();
        for (byte[] inner : network(etherType, behind(datagram, headerBytes), ipDepth, false)) {
            byte[] outer = Octets.concat(front(datagram, headerBytes), inner);
            Octets.u16(outer, 4, outer.length);
            datagrams.add(hasTunnelSum ? withChecksum(NaiveChecksum.UDP, ends, outer) : outer);
        }
        return datagrams;
    }

    private List<byte[]> gre(byte[] bytes, int ipDepth, boolean isTunnelAhead) {
        int flags = Octets.u16(bytes, 0);
        boolean hasSum = (flags & 0x8000) != 0;
        int headerBytes = 4 + (hasSum ? 4 : 0) + ((flags & 0x2000) != 0 ? 4 : 0) + ((flags & 0x1000) != 0 ? 4 : 0);
        List<byte[]> packets = new ArrayList<>();
        for (byte[] inner : network(Octets.u16(bytes, 2), behind(bytes, headerBytes), ipDepth, isTunnelAhead)) {
            byte[] packet = Octets.concat(front(bytes, headerBytes), inner);
            if (hasSum) {
                Octets.u32(packet, 4, 0);
                Octets.u16(packet, 4, NaiveChecksum.of(packet, 0, packet.length));
            }
            packets.add(packet);
        }
        return packets;
    }

    private List<byte[]> sctp(byte[] packet) {
        List<byte[]> packets = new ArrayList<>();
        int at = 12;
        for (int chunkBytes : chunkSizes) {
            byte[] one = Octets.concat(front(packet, 12), Octets.range(packet, at, chunkBytes));
            Octets.u32(one, 8, NaiveChecksum.sctp(one));
            packets.add(one);
            at += chunkBytes;
        }
        return packets;
    }

    /// The same TCP segment or UDP datagram with the right checksum; a UDP checksum is never 0.
    private static byte[] withChecksum(int protocol, Endpoints ends, byte[] segment) {
        int fieldAt = NaiveChecksum.checksumAt(protocol);
        byte[] copy = segment.clone();
        int checksum = NaiveChecksum.transport(protocol, ends.source(), ends.target(), segment);
        Octets.u16(copy, NaiveChecksum.checksumAt(protocol), checksum);
        return copy;
    }

    private static List<byte[]> slices(byte[] bytes, int sliceBytes) {
        List<byte[]> slices = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += sliceBytes) {
            slices.add(Octets.range(bytes, at, Math.min(sliceBytes, bytes.length - at)));
        }
        return slices;
    }

    private static List<byte[]> prepend(byte[] header, List<byte[]> pieces) {
        return pieces.stream().map(piece -> Octets.concat(header, piece)).toList();
    }

    /// True while the last of `all` is being made.
    private static boolean isLast(List<byte[]> made, List<byte[]> all) {
        return made.size() == all.size() - 1;
    }

    private static byte[] front(byte[] bytes, int byteCount)  { return Octets.range(bytes, 0, byteCount); }
    private static byte[] behind(byte[] bytes, int at)        { return Octets.range(bytes, at, bytes.length - at); }
}
