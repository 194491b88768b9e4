package io.millrace.testkit;

import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// Sentences about the outermost headers of a frame.
///
/// ```java
/// assertThatFrame(bytes).isIpv4().from("10.0.0.1").to("10.0.0.2").ttl(63).hasValidChecksums();
/// assertThatFrame(bytes).isUdp().inVxlan(7).isTcp().to("10.1.0.1", 80);
/// ```
///
/// The frame is read by code that serves nothing else, so that no product code can agree with it by accident. A
/// sentence about a header that is not there, or is cut short, is false. A failure shows the bytes.
public final class FrameAssert extends AbstractAssert<FrameAssert, byte[]> {

    private static final int ARP = 0x0806;

    private final Dissection seen;

    private FrameAssert(byte[] bytes, Dissection seen) {
        super(bytes, FrameAssert.class);
        this.seen = seen;
    }

    /// About a frame that begins with an Ethernet header.
    public static FrameAssert assertThatFrame(byte[] frame) {
        Assertions.assertThat(frame).as("frame").isNotNull();
        return new FrameAssert(frame, Dissection.ofFrame(frame));
    }

    /// About a packet that begins with an IP header.
    public static FrameAssert assertThatPacket(byte[] packet) {
        Assertions.assertThat(packet).as("packet").isNotNull();
        return new FrameAssert(packet, Dissection.ofPacket(packet));
    }

    // What it is

    public FrameAssert isArpRequest() { return isArp(ArpLayer.REQUEST); }
    public FrameAssert isArpReply()   { return isArp(ArpLayer.REPLY); }
    public FrameAssert isIpv4()       { return isReadable().same("IP version", 4, seen.ipVersion); }
    public FrameAssert isIpv6()       { return isReadable().same("IP version", 6, seen.ipVersion); }
    public FrameAssert isTcp()        { return isTransport(NaiveChecksum.TCP, 20); }
    public FrameAssert isUdp()        { return isTransport(NaiveChecksum.UDP, 8); }
    public FrameAssert isUdpLite()    { return isTransport(NaiveChecksum.UDP_LITE, 8); }
    public FrameAssert isSctp()       { return isTransport(NaiveChecksum.SCTP, 12); }

    public FrameAssert isIcmp(int type, int code) {
        return isIpv4().isMessage(NaiveChecksum.ICMP, type, code);
    }

    public FrameAssert isIcmpv6(int type, int code) {
        return isIpv6().isMessage(NaiveChecksum.ICMPV6, type, code);
    }

    public FrameAssert isNeighbourSolicitation(String wantedAddress) {
        return isIcmpv6(135, 0).aboutNeighbour(wantedAddress);
    }

    public FrameAssert isNeighbourAdvertisement(String address) {
        return isIcmpv6(136, 0).aboutNeighbour(address);
    }

    /// What the outermost IP header carries, behind its extension headers.
    public FrameAssert isProtocol(int protocol) {
        return isReadable().same("protocol", protocol, seen.protocol);
    }

    // Link

    public FrameAssert fromMac(String mac)      { return same("source MAC", mac, Addresses.mac(range(6, 6), 0)); }
    public FrameAssert toMac(String mac)        { return same("target MAC", mac, Addresses.mac(range(0, 6), 0)); }
    public FrameAssert etherType(int type)      { return same("EtherType", type, seen.etherType); }
    public FrameAssert frameBytes(int expected) { return same("frame bytes", expected, actual.length); }

    /// The VLAN ids of all tags, outermost first; none is "no tag".
    public FrameAssert vlan(Integer... ids) {
        return same("VLAN ids", List.of(ids), seen.vlans);
    }

    /// The hardware address of the sender in an ARP packet.
    public FrameAssert fromArpMac(String mac) {
        return same("ARP sender MAC", mac, Addresses.mac(range(seen.networkAt + 8, 6), 0));
    }

    /// The hardware address of the target in an ARP packet.
    public FrameAssert toArpMac(String mac) {
        return same("ARP target MAC", mac, Addresses.mac(range(seen.networkAt + 18, 6), 0));
    }

    // Network

    /// The source address; of ARP the sender's.
    public FrameAssert from(String address) {
        byte[] source = isArp() ? range(seen.networkAt + 14, 4) : isReadable().seen.source;
        return sameAddress("source address", address, source);
    }

    /// The target address; of ARP the wanted one.
    public FrameAssert to(String address) {
        byte[] target = isArp() ? range(seen.networkAt + 24, 4) : isReadable().seen.target;
        return sameAddress("target address", address, target);
    }

    public FrameAssert from(String address, int port) {
        return from(address).fromPort(port);
    }

    public FrameAssert to(String address, int port) {
        return to(address).toPort(port);
    }

    /// TTL or hop limit.
    public FrameAssert ttl(int ttl) {
        return same("TTL", ttl, u8(seen.networkAt + (isVersion(4) ? 8 : 7)));
    }

    /// Type of service or traffic class.
    public FrameAssert tos(int tos) {
        int found = isVersion(4) ? u8(seen.networkAt + 1) : u16(seen.networkAt) >>> 4 & 0xff;
        return same("TOS", tos, found);
    }

    public FrameAssert flowLabel(int label) {
        return isIpv6().same("flow label", label, (int) (u32(seen.networkAt) & 0xfffff));
    }

    /// Of IPv4, or of the fragment header.
    public FrameAssert identification(long identification) {
        return isReadable().same("identification", identification, seen.identification);
    }

    public FrameAssert dontFragment()    { return isIpv4().same("don't fragment", true, hasDontFragment()); }
    public FrameAssert mayBeFragmented() { return isIpv4().same("don't fragment", false, hasDontFragment()); }

    public FrameAssert isNotFragment() {
        return isReadable().same("is a fragment", false, seen.isFragment());
    }

    public FrameAssert isFragment(int offsetBytes, boolean moreFragments) {
        return isReadable().same("is a fragment", true, seen.isFragment())
            .same("fragment offset", offsetBytes, seen.fragmentOffsetBytes)
            .same("more fragments", moreFragments, seen.moreFragments);
    }

    /// The options of an IPv4 header, padding included.
    public FrameAssert withIpv4Options(byte... options) {
        isIpv4();
        int optionsAt = seen.networkAt + 20;
        return sameBytes("IPv4 options", options, range(optionsAt, seen.transportAt - optionsAt));
    }

    // Transport

    public FrameAssert fromPort(int port)   { return same("source port", port, transport16(0)); }
    public FrameAssert toPort(int port)     { return same("target port", port, transport16(2)); }
    public FrameAssert withFlags(int flags) { return isTcp().same("TCP flags", flags, transport16(12) & 0xfff); }
    public FrameAssert withWindow(int size) { return isTcp().same("window", size, transport16(14)); }

    public FrameAssert withSequence(long sequence) {
        return isTcp().same("sequence", sequence, u32(seen.transportAt + 4));
    }

    public FrameAssert withAcknowledgement(long acknowledgement) {
        return isTcp().same("acknowledgement", acknowledgement, u32(seen.transportAt + 8));
    }

    /// The maximum segment size that the options offer.
    public FrameAssert withMss(int mss) {
        isTcp();
        int end = seen.transportAt + headerBytes();
        int at = seen.transportAt + 20;
        while (at < end && u8(at) != 0 && u8(at) != 2) {
            at += u8(at) == 1 ? 1 : Math.max(2, u8(at + 1));
        }
        if (at >= end || u8(at) == 0) fail("MSS %d expected, got none", mss);
        return same("MSS", mss, u16(at + 2));
    }

    /// Identifier and sequence of an ICMP or ICMPv6 echo.
    public FrameAssert withEcho(int identifier, int sequence) {
        return same("echo identifier", identifier, transport16(4)).same("echo sequence", sequence, transport16(6));
    }

    /// Of "fragmentation needed" or "packet too big".
    public FrameAssert withMtu(int mtu) {
        return same("MTU", (long) mtu, isVersion(4) ? transport16(6) : u32(seen.transportAt + 4));
    }

    /// What the transport header carries; of ICMP, what follows its first eight bytes.
    public FrameAssert withPayload(byte... payload) {
        return sameBytes("payload", payload, payload());
    }

    public FrameAssert withPayloadBytes(int byteCount) {
        return same("payload bytes", byteCount, payload().length);
    }

    /// The packet that an ICMP or ICMPv6 error quotes, exactly these bytes.
    public FrameAssert quotes(byte... packet) {
        return sameBytes("quote", packet, payload());
    }

    /// The error quotes the beginning of this packet, at least `bytesMin` of it.
    public FrameAssert quotesStartOf(byte[] packet, int bytesMin) {
        byte[] quote = payload();
        if (quote.length < bytesMin || quote.length > packet.length) {
            fail("quote of %d to %d bytes expected, got %d", bytesMin, packet.length, quote.length);
        }
        return sameBytes("quote", Arrays.copyOf(packet, quote.length), quote);
    }

    /// The options of a neighbour solicitation or advertisement, as they stand; none is "no option".
    public FrameAssert withNeighbourOptions(byte... options) {
        byte[] body = payload();
        return sameBytes("options", options, Arrays.copyOfRange(body, Math.min(16, body.length), body.length));
    }

    // What is inside

    /// The Ethernet frame in a VXLAN packet.
    public FrameAssert inVxlan(int vni) {
        byte[] packet = isUdp().toPort(VxlanLayer.UDP_PORT).payload();
        need("VXLAN header", packet, 8).same("VNI", vni, Octets.u24(packet, 4));
        return assertThatFrame(Octets.range(packet, 8, packet.length - 8));
    }

    public FrameAssert inGeneve(int vni) {
        byte[] packet = isUdp().toPort(GeneveLayer.UDP_PORT).payload();
        need("Geneve header", packet, 8).same("VNI", vni, Octets.u24(packet, 4));
        return inside(Octets.u16(packet, 2), packet, 8 + (Octets.u8(packet, 0) & 0x3f) * 4);
    }

    /// The IP packet in a GTP-U packet without extension headers.
    public FrameAssert inGtpu(long teid) {
        byte[] packet = isUdp().toPort(GtpuLayer.UDP_PORT).payload();
        need("GTP-U header", packet, 8).same("TEID", teid, Octets.u32(packet, 4));
        boolean hasOptionalFields = (Octets.u8(packet, 0) & 7) != 0;
        return inside(0x0800, packet, hasOptionalFields ? 12 : 8);
    }

    public FrameAssert inGre() {
        byte[] packet = isProtocol(NaiveChecksum.GRE).payload();
        need("GRE header", packet, 4);
        int flags = Octets.u8(packet, 0) >>> 4;
        return inside(Octets.u16(packet, 2), packet, 4 + Integer.bitCount(flags & 0b1011) * 4);
    }

    /// The IP packet directly in this one.
    public FrameAssert inIp() {
        if (seen.protocol != 4 && seen.protocol != 41) fail("IP in IP expected, got protocol %d", seen.protocol);
        return inside(0x0800, payload(), 0);
    }

    /// The IP packet in a PPPoE session.
    public FrameAssert inPppoe(int sessionId) {
        etherType(0x8864).same("PPPoE session", sessionId, u16(seen.networkAt + 2));
        return inside(0x0800, range(seen.networkAt + 8, u16(seen.networkAt + 4) - 2), 0);
    }

    /// The IP packet under these MPLS labels, outermost first.
    public FrameAssert inMpls(int... labels) {
        etherType(0x8847);
        int at = seen.networkAt;
        for (int i = 0; i < labels.length; i++, at += 4) {
            same("MPLS label", (long) labels[i], u32(at) >>> 12);
            same("bottom of the MPLS stack", i == labels.length - 1, (u8(at + 2) & 1) != 0);
        }
        return inside(0x0800, range(at, actual.length - at), 0);
    }

    // The whole

    /// The IPv4 header checksum, and the transport checksum where the protocol has one and the frame holds all of it.
    /// A UDP checksum of zero ("not computed") is fine over IPv4 and wrong over IPv6.
    public FrameAssert hasValidChecksums() {
        isReadable();
        if (seen.ipVersion == 4 && !NaiveChecksum.isIpv4Valid(actual, seen.networkAt)) {
            fail("IPv4 header checksum 0x%04x expected, got 0x%04x",
                NaiveChecksum.ipv4(actual, seen.networkAt), u16(seen.networkAt + 10));
        }
        if (seen.hasWholeChecksummedSegment() && !seen.isTransportChecksumValid()) {
            fail("valid checksum of protocol %d expected", seen.protocol);
        }
        return this;
    }

    /// The checksum of the transport header is wrong (the one of the IPv4 header is not looked at).
    public FrameAssert hasWrongTransportChecksum() {
        isReadable();
        if (!seen.hasWholeChecksummedSegment() || seen.isTransportChecksumValid()) {
            fail("wrong checksum of protocol %d expected", seen.protocol);
        }
        return this;
    }

    /// The frame is exactly these bytes.
    public FrameAssert hasBytes(byte... expected) {
        return sameBytes("frame", expected, actual);
    }

    // How it is looked at

    private FrameAssert isArp(int operation) {
        same("EtherType", ARP, seen.etherType);
        range(seen.networkAt, 28);
        return same("ARP operation", operation, u16(seen.networkAt + 6));
    }

    private boolean isArp() {
        return seen.etherType == ARP;
    }

    private FrameAssert isTransport(int protocol, int headerBytesMin) {
        isProtocol(protocol);
        int segmentBytes = seen.transportEnd - seen.transportAt;
        if (seen.fragmentOffsetBytes == 0 && segmentBytes < headerBytesMin) {
            fail("transport header of %d bytes expected, got %d", headerBytesMin, segmentBytes);
        }
        return this;
    }

    private FrameAssert isMessage(int protocol, int type, int code) {
        return isTransport(protocol, 8)
            .same("ICMP type", type, u8(seen.transportAt))
            .same("ICMP code", code, u8(seen.transportAt + 1));
    }

    private FrameAssert aboutNeighbour(String address) {
        return sameAddress("neighbour", address, range(seen.transportAt + 8, 16));
    }

    private FrameAssert isReadable() {
        if (seen.problem != null) fail("readable IP packet expected: %s", seen.problem);
        if (seen.transportAt == Dissection.NONE) fail("IP packet expected, got EtherType 0x%04x", seen.etherType);
        return this;
    }

    private boolean isVersion(int version) {
        return isReadable().seen.ipVersion == version;
    }

    private boolean hasDontFragment() {
        return (u16(seen.networkAt + 6) & 0x4000) != 0;
    }

    private int transport16(int at) {
        return isReadable().u16(seen.transportAt + at);
    }

    private int headerBytes() {
        if (seen.fragmentOffsetBytes > 0) return 0;
        return switch (seen.protocol) {
            case NaiveChecksum.TCP -> (transport16(12) >>> 12) * 4;
            case NaiveChecksum.UDP, NaiveChecksum.UDP_LITE, NaiveChecksum.ICMP, NaiveChecksum.ICMPV6 -> 8;
            case NaiveChecksum.SCTP -> 12;
            default -> 0;
        };
    }

    private byte[] payload() {
        int payloadAt = isReadable().seen.transportAt + headerBytes();
        return range(payloadAt, seen.transportEnd - payloadAt);
    }

    private FrameAssert inside(int etherType, byte[] packet, int at) {
        need("tunnel header", packet, at);
        byte[] inner = Octets.range(packet, at, packet.length - at);
        return etherType == 0x6558 ? assertThatFrame(inner) : assertThatPacket(inner);
    }

    private FrameAssert need(String what, byte[] bytes, int bytesMin) {
        if (bytes.length < bytesMin) fail("%s of %d bytes expected, got %d", what, bytesMin, bytes.length);
        return this;
    }

    private byte[] range(int at, int byteCount) {
        if (at < 0 || byteCount < 0 || at + byteCount > actual.length) {
            fail("%d bytes at %d expected", byteCount, at);
        }
        return Octets.range(actual, at, byteCount);
    }

    private int u8(int at)   { return Octets.u8(range(at, 1), 0); }
    private int u16(int at)  { return Octets.u16(range(at, 2), 0); }
    private long u32(int at) { return Octets.u32(range(at, 4), 0); }

    private FrameAssert sameAddress(String what, String expected, byte[] found) {
        return same(what, Addresses.ip(Addresses.ip(expected)), Addresses.ip(found));
    }

    private FrameAssert same(String what, Object expected, Object found) {
        if (!Objects.equals(expected, found)) fail("%s %s expected, got %s", what, expected, found);
        return this;
    }

    private FrameAssert sameBytes(String what, byte[] expected, byte[] found) {
        int at = Arrays.mismatch(expected, found);
        if (at >= 0) {
            fail("%s differs at byte %d (%d bytes expected, got %d), expected%n%sgot%n%s",
                what, at, expected.length, found.length, Hex.dump(expected), Hex.dump(found));
        }
        return this;
    }

    private void fail(String message, Object... arguments) {
        failWithMessage("%s%nin a frame of %d bytes%n%s",
            message.formatted(arguments), actual.length, Hex.dump(actual));
    }
}
