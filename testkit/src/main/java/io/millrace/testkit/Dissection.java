package io.millrace.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Where the outermost headers of a frame lie: Ethernet, VLAN tags, ARP or IP with its extension headers, transport.
///
/// Read in the most obvious way, for checks in tests. What a frame does not have is at [#NONE]; what cannot be read
/// ends the reading, with the reason in [#problem].
final class Dissection {

    static final int NONE = -1;

    private static final int FRAGMENT = 44;

    private static final Set<Integer> CHECKSUMMED = Set.of(NaiveChecksum.TCP, NaiveChecksum.UDP,
        NaiveChecksum.UDP_LITE, NaiveChecksum.ICMP, NaiveChecksum.ICMPV6, NaiveChecksum.IGMP, NaiveChecksum.DCCP,
        NaiveChecksum.SCTP);

    final byte[] bytes;
    final List<Integer> vlans = new ArrayList<>();
    int etherType = NONE;
    int networkAt = NONE;
    int ipVersion = NONE;
    int protocol = NONE;
    int transportAt = NONE;
    int transportEnd = NONE;
    /// Where the bytes begin that a fragment holds of its packet; of IPv6 [#NONE] without a fragment header.
    int pieceAt = NONE;
    int fragmentOffsetBytes;
    boolean moreFragments;
    long identification = NONE;
    byte[] source;
    byte[] target;
    /// The target that checksums cover; differs from `target` before a routing header is used up.
    byte[] finalTarget;
    String problem;

    private Dissection(byte[] bytes) {
        this.bytes = bytes;
    }

    static Dissection ofFrame(byte[] frame) {
        Dissection dissection = new Dissection(frame);
        dissection.guarded(dissection::readEthernet);
        return dissection;
    }

    /// Of a packet without a link header.
    static Dissection ofPacket(byte[] packet) {
        Dissection dissection = new Dissection(packet);
        dissection.guarded(() -> dissection.readIp(0));
        return dissection;
    }

    /// The IP packet, without link header and padding.
    byte[] packet() {
        return Octets.range(bytes, networkAt, transportEnd - networkAt);
    }

    boolean isFragment() {
        return moreFragments || fragmentOffsetBytes > 0;
    }

    /// The transport header and all it carries, without link padding.
    byte[] segment() {
        return Octets.range(bytes, transportAt, transportEnd - transportAt);
    }

    /// True if the protocol has a checksum that this test kit knows, and the packet is no fragment.
    boolean hasWholeChecksummedSegment() {
        return !isFragment() && CHECKSUMMED.contains(protocol);
    }

    /// False too if the segment is too short for its checksum, or illegal. A UDP checksum of zero is fine over IPv4.
    boolean isTransportChecksumValid() {
        byte[] segment = segment();
        try {
            boolean isUncomputed = protocol == NaiveChecksum.UDP && Octets.u16(segment, 6) == 0;
            if (isUncomputed) return ipVersion == 4;
            return NaiveChecksum.isValid(protocol, source, finalTarget, segment);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            return false;
        }
    }

    private void guarded(Runnable reading) {
        try {
            reading.run();
        } catch (IndexOutOfBoundsException e) {
            problem = "cut short: " + e.getMessage();
        }
    }

    private void readEthernet() {
        int at = 12;
        etherType = Octets.u16(bytes, at);
        while (etherType == VlanLayer.CUSTOMER || etherType == VlanLayer.SERVICE || etherType == 0x9100) {
            vlans.add(Octets.u16(bytes, at + 2) & 0xfff);
            at += 4;
            etherType = Octets.u16(bytes, at);
        }
        networkAt = at + 2;
        boolean isIp = etherType == 0x0800 || etherType == 0x86dd;
        if (!isIp) return;
        int version = Octets.u8(bytes, networkAt) >>> 4;
        if (version == (etherType == 0x0800 ? 4 : 6)) {
            readIp(networkAt);
        } else {
            problem = "IP version %d under EtherType 0x%04x".formatted(version, etherType);
        }
    }

    private void readIp(int at) {
        networkAt = at;
        ipVersion = Octets.u8(bytes, at) >>> 4;
        if (ipVersion == 4) {
            readIpv4(at);
        } else if (ipVersion == 6) {
            readIpv6(at);
        } else {
            problem = "IP version " + ipVersion;
        }
    }

    private void readIpv4(int at) {
        int headerBytes = (Octets.u8(bytes, at) & 0xf) * 4;
        int flagsAndOffset = Octets.u16(bytes, at + 6);
        identification = Octets.u16(bytes, at + 4);
        moreFragments = (flagsAndOffset & 0x2000) != 0;
        fragmentOffsetBytes = (flagsAndOffset & 0x1fff) * 8;
        protocol = Octets.u8(bytes, at + 9);
        source = Octets.range(bytes, at + 12, 4);
        target = Octets.range(bytes, at + 16, 4);
        finalTarget = target;
        pieceAt = at + headerBytes;
        endAt(at + Octets.u16(bytes, at + 2), at + headerBytes);
    }

    private void readIpv6(int at) {
        source = Octets.range(bytes, at + 8, 16);
        target = Octets.range(bytes, at + 24, 16);
        finalTarget = target;
        int end = at + 40 + Octets.u16(bytes, at + 4);
        int next = Octets.u8(bytes, at + 6);
        int headerAt = at + 40;
        while (isExtension(next) && fragmentOffsetBytes == 0) {
            int headerBytes = (Octets.u8(bytes, headerAt + 1) + 1) * 8;
            if (next == 51) headerBytes = (Octets.u8(bytes, headerAt + 1) + 2) * 4;
            if (next == 43) readRouting(headerAt);
            if (next == FRAGMENT) {
                headerBytes = 8;
                pieceAt = headerAt + headerBytes;
                fragmentOffsetBytes = Octets.u16(bytes, headerAt + 2) & 0xfff8;
                moreFragments = (Octets.u16(bytes, headerAt + 2) & 1) != 0;
                identification = Octets.u32(bytes, headerAt + 4);
            }
            next = Octets.u8(bytes, headerAt);
            headerAt += headerBytes;
        }
        protocol = next;
        endAt(end, headerAt);
    }

    private void readRouting(int headerAt) {
        boolean isUsedUp = Octets.u8(bytes, headerAt + 3) == 0;
        int dataBytes = (Octets.u8(bytes, headerAt + 1) + 1) * 8 - 4;
        int finalTargetAt = Ipv6RoutingLayer.finalTargetAt(Octets.u8(bytes, headerAt + 2), dataBytes);
        if (!isUsedUp && finalTargetAt >= 0) finalTarget = Octets.range(bytes, headerAt + 4 + finalTargetAt, 16);
    }

    private void endAt(int end, int transportAt) {
        if (end > bytes.length || transportAt > end || transportAt < networkAt + 20) {
            problem = "IP packet from " + networkAt + " to " + end + ", transport at " + transportAt
                + ", in " + bytes.length + " bytes";
            return;
        }
        this.transportAt = transportAt;
        this.transportEnd = end;
    }

    private static boolean isExtension(int next) {
        return next == 0 || next == 43 || next == FRAGMENT || next == 51 || next == 60;
    }
}
