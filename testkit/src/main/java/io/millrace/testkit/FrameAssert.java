package io.millrace.testkit;

import org.assertj.core.api.AbstractAssert;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// Sentences about the outermost headers of a frame.
///
/// ```java
/// assertThatFrame(bytes).isIpv4().from("10.0.0.1").to("10.0.0.2").ttl(63).hasValidChecksums();
/// ```
///
/// Reads the frame by itself, so it agrees with no product code by accident. A failure shows the bytes.
public final class FrameAssert extends AbstractAssert<FrameAssert, byte[]> {

    private static final int ARP = 0x0806;

    private final Dissection seen;

    private FrameAssert(byte[] bytes, Dissection seen) {
        super(bytes, FrameAssert.class);
        this.seen = seen;
    }

    /// About a frame that begins with an Ethernet header.
    public static FrameAssert assertThatFrame(byte[] frame) {
        return new FrameAssert(frame, Dissection.ofFrame(frame));
    }

    /// About a packet that begins with an IP header.
    public static FrameAssert assertThatPacket(byte[] packet) {
        return new FrameAssert(packet, Dissection.ofPacket(packet));
    }

    // What it is

    public FrameAssert isArpRequest() { return isArp(ArpLayer.REQUEST); }
    public FrameAssert isArpReply()   { return isArp(ArpLayer.REPLY); }

    public FrameAssert isIpv4() {
        return same("IP version", 4, seen.ipVersion).isReadable();
    }

    public FrameAssert isIpv6() {
        return same("IP version", 6, seen.ipVersion).isReadable();
    }

    public FrameAssert isTcp()     { return isTransport(NaiveChecksum.TCP, 20); }
    public FrameAssert isUdp()     { return isTransport(NaiveChecksum.UDP, 8); }
    public FrameAssert isUdpLite() { return isTransport(NaiveChecksum.UDP_LITE, 8); }
    public FrameAssert isSctp()    { return isTransport(NaiveChecksum.SCTP, 12); }

    public FrameAssert isIcmp(int type, int code) {
        return isIpv4().isMessage(NaiveChecksum.ICMP, type, code);
    }

    public FrameAssert isIcmpv6(int type, int code) {
        return isIpv6().isMessage(NaiveChecksum.ICMPV6, type, code);
    }

    public FrameAssert isProtocol(int protocol) {
        return same("protocol", protocol, seen.protocol);
    }

    // Link

    public FrameAssert fromMac(String mac) { return same("source MAC", mac, Addresses.mac(actual, 6)); }
    public FrameAssert toMac(String mac)   { return same("target MAC", mac, Addresses.mac(actual, 0)); }

    /// The VLAN ids of all tags, outermost first; none is "no tag".
    public FrameAssert vlan(Integer... ids) {
        return same("VLAN ids", List.of(ids), seen.vlans);
    }

    public FrameAssert etherType(int type) {
        return same("EtherType", type, seen.etherType);
    }

    public FrameAssert frameBytes(int byteCount) {
        return same("frame bytes", byteCount, actual.length);
    }

    // Network

    /// The source address; of ARP the sender's.
    public FrameAssert from(String address) {
        byte[] source = isArp() ? Octets.range(actual, seen.networkAt + 14, 4) : seen.source;
        return sameAddress("source address", address, source);
    }

    /// The target address; of ARP the wanted one.
    public FrameAssert to(String address) {
        byte[] target = isArp() ? Octets.range(actual, seen.networkAt + 24, 4) : seen.target;
        return sameAddress("target address", address, target);
    }

    public FrameAssert from(String address, int port) {
        return from(address).fromPort(port);
    }

    public FrameAssert to(String address, int port) {
        return to(address).toPort(port);
    }

    /// The hardware address of the sender in an ARP packet.
    public FrameAssert fromArpMac(String mac) {
        return same("ARP sender MAC", mac, Addresses.mac(actual, seen.networkAt + 8));
    }

    /// The hardware address of the target in an ARP packet.
    public FrameAssert toArpMac(String mac) {
        return same("ARP target MAC", mac, Addresses.mac(actual, seen.networkAt + 18));
    }

    /// TTL or hop limit.
    public FrameAssert ttl(int ttl) {
        return same("TTL", ttl, network8(8, 7));
    }

    /// Type of service or traffic class.
    public FrameAssert tos(int tos) {
        int found = isVersion(4) ? network8(1, 1) : Octets.u16(actual, seen.networkAt) >>> 4 & 0xff;
        return same("TOS", tos, found);
    }

    public FrameAssert flowLabel(int label) {
        return isIpv6().same("flow label", label, Octets.u24(actual, seen.networkAt + 1) & 0xfffff);
    }

    /// Of IPv4, or of the fragment header.
    public FrameAssert identification(long identification) {
        return same("identification", identification, seen.identification);
    }

    public FrameAssert dontFragment()    { return isIpv4().same("don't fragment", true, dontFragmentFlag()); }
    public FrameAssert mayBeFragmented() { return isIpv4().same("don't fragment", false, dontFragmentFlag()); }

    public FrameAssert isNotFragment() {
        return isReadable().same("is a fragment", false, seen.isFragment());
    }

    public FrameAssert isFragment(int offsetBytes, boolean moreFragments) {
        return isReadable().same("fragment offset", offsetBytes, seen.fragmentOffsetBytes)
            .same("more fragments", moreFragments, seen.moreFragments);
    }

    // Transport

    public FrameAssert fromPort(int port) { return same("source port", port, transport16(0)); }
    public FrameAssert toPort(int port)   { return same("target port", port, transport16(2)); }

    public FrameAssert withSequence(long sequence) {
        return isTcp().same("sequence", sequence, Octets.u32(actual, seen.transportAt + 4));
    }

    public FrameAssert withAcknowledgement(long acknowledgement) {
        return isTcp().same("acknowledgement", acknowledgement, Octets.u32(actual, seen.transportAt + 8));
    }

    /// All TCP flags, as the constants of [TcpLayer].
    public FrameAssert withFlags(int flags) {
        return isTcp().same("TCP flags", flags, transport16(12) & 0xfff);
    }

    public FrameAssert withWindow(int window) {
        return isTcp().same("window", window, transport16(14));
    }

    /// Identifier and sequence of an ICMP or ICMPv6 echo.
    public FrameAssert withEcho(int identifier, int sequence) {
        return same("echo identifier", identifier, transport16(4)).same("echo sequence", sequence, transport16(6));
    }

    /// Of "fragmentation needed" or "packet too big".
    public FrameAssert withMtu(int mtu) {
        long found = isVersion(4) ? transport16(6) : Octets.u32(actual, seen.transportAt + 4);
        return same("MTU", (long) mtu, found);
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

    // The whole

    /// The IPv4 header checksum, and the transport checksum where this test knows the protocol and sees all of it. A
    /// UDP checksum of zero ("not computed") is fine over IPv4 and wrong over IPv6.
    public FrameAssert hasValidChecksums() {
        isReadable();
        if (seen.ipVersion == 4 && !NaiveChecksum.isIpv4Valid(actual, seen.networkAt)) {
            fail("IPv4 header checksum 0x%04x expected", NaiveChecksum.ipv4(actual, seen.networkAt));
        }
        if (seen.isFragment()) return this;
        boolean isKnown = List.of(NaiveChecksum.TCP, NaiveChecksum.UDP, NaiveChecksum.UDP_LITE, NaiveChecksum.ICMP,
            NaiveChecksum.ICMPV6, NaiveChecksum.IGMP, NaiveChecksum.DCCP, NaiveChecksum.SCTP).contains(seen.protocol);
        if (isKnown && !isTransportChecksumValid()) fail("valid checksum of protocol %d expected", seen.protocol);
        return this;
    }

    /// The checksum of the transport header is wrong (the one of the IPv4 header is not looked at).
    public FrameAssert hasWrongTransportChecksum() {
        isReadable();
        if (isTransportChecksumValid()) fail("wrong checksum of protocol %d expected", seen.protocol);
        return this;
    }

    /// The frame is exactly these bytes.
    public FrameAssert hasBytes(byte... expected) {
        return sameBytes("frame", expected, actual);
    }

    // How it is looked at

    private FrameAssert isArp(int operation) {
        same("EtherType", ARP, seen.etherType);
        if (actual.length < seen.networkAt + 28) fail("ARP packet cut short");
        return same("ARP operation", operation, Octets.u16(actual, seen.networkAt + 6));
    }

    private boolean isArp() {
        return seen.etherType == ARP;
    }

    private FrameAssert isTransport(int protocol, int headerBytesMin) {
        isReadable().same("protocol", protocol, seen.protocol);
        if (seen.fragmentOffsetBytes == 0 && seen.transportEnd - seen.transportAt < headerBytesMin) {
            fail("transport header of %d bytes expected, got %d", headerBytesMin, seen.transportEnd - seen.transportAt);
        }
        return this;
    }

    private FrameAssert isMessage(int protocol, int type, int code) {
        return isTransport(protocol, 8)
            .same("ICMP type", type, Octets.u8(actual, seen.transportAt))
            .same("ICMP code", code, Octets.u8(actual, seen.transportAt + 1));
    }

    private FrameAssert isReadable() {
        if (seen.problem != null || seen.transportAt == Dissection.NONE) fail("readable IP packet expected: %s", seen.problem);
        return this;
    }

    private boolean isVersion(int version) {
        return isReadable().seen.ipVersion == version;
    }

    private int network8(int ipv4At, int ipv6At) {
        return Octets.u8(actual, seen.networkAt + (isVersion(4) ? ipv4At : ipv6At));
    }

    private int transport16(int at) {
        isReadable();
        return Octets.u16(actual, seen.transportAt + at);
    }

    private boolean dontFragmentFlag() {
        return (Octets.u16(actual, seen.networkAt + 6) & 0x4000) != 0;
    }

    private byte[] payload() {
        isReadable();
        int headerBytes = switch (seen.protocol) {
            case NaiveChecksum.TCP -> (transport16(12) >>> 12) * 4;
            case NaiveChecksum.UDP, NaiveChecksum.UDP_LITE, NaiveChecksum.ICMP, NaiveChecksum.ICMPV6 -> 8;
            case NaiveChecksum.SCTP -> 12;
            default -> 0;
        };
        if (seen.fragmentOffsetBytes > 0) headerBytes = 0;
        int payloadAt = seen.transportAt + headerBytes;
        return Octets.range(actual, payloadAt, seen.transportEnd - payloadAt);
    }

    private boolean isTransportChecksumValid() {
        byte[] segment = seen.segment();
        boolean isUncomputed = seen.protocol == NaiveChecksum.UDP && Octets.u16(segment, 6) == 0;
        if (isUncomputed) return seen.ipVersion == 4;
        return NaiveChecksum.isValid(seen.protocol, seen.source, seen.finalTarget, segment);
    }

    private FrameAssert sameAddress(String what, String expected, byte[] found) {
        if (found == null) fail("%s %s expected in no IP packet", what, expected);
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
        failWithMessage("%s%nin a frame of %d bytes%n%s", message.formatted(arguments), actual.length, Hex.dump(actual));
    }
}
