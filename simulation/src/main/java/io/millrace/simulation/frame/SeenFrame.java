package io.millrace.simulation.frame;

import io.millrace.packet.address.IpAddress;

import java.util.Arrays;

/// A frame taken apart as far as the simulated world's own traffic goes: Ethernet, at most one tag, ARP or IP, one
/// fragment header. Whoever asks for what the frame does not have gets zeros.
public final class SeenFrame {

    private static final int TPID = 0x8100;

    private final byte[] bytes;
    private final int l3;
    private final int vlan;
    private final int etherType;
    private IpAddress source = IpAddress.ofIpv4(0);
    private IpAddress target = IpAddress.ofIpv4(0);
    private int number;
    private int hopLimit;
    private int protocol;
    private int l4;
    private int end;
    private int offset;
    private boolean hasMore;
    private boolean isFragmentable;

    private SeenFrame(byte[] bytes, int l3, int vlan, int etherType) {
        this.bytes = bytes;
        this.l3 = l3;
        this.vlan = vlan;
        this.etherType = etherType;
        this.end = bytes.length;
        this.l4 = bytes.length;
        if (etherType == FrameWriter.ETHER_IPV4 && bytes.length >= l3 + 20) readIpv4();
        if (etherType == FrameWriter.ETHER_IPV6 && bytes.length >= l3 + 40) readIpv6();
    }

    public static SeenFrame of(byte[] frame) {
        if (frame.length < 14) return new SeenFrame(frame, frame.length, 0, 0);
        int type = Octets.u16(frame, 12);
        if (type != TPID || frame.length < 18) return new SeenFrame(frame, 14, 0, type);
        return new SeenFrame(frame, 18, Octets.u16(frame, 14) & 0xfff, Octets.u16(frame, 16));
    }

    /// An IP packet without a link header.
    public static SeenFrame ofPacket(byte[] packet) {
        int version = packet.length == 0 ? 0 : Octets.u8(packet, 0) >>> 4;
        return new SeenFrame(packet, 0, 0,
            version == 4 ? FrameWriter.ETHER_IPV4 : version == 6 ? FrameWriter.ETHER_IPV6 : 0);
    }

    private void readIpv4() {
        number = Octets.u16(bytes, l3 + 4);
        int flagsAndOffset = Octets.u16(bytes, l3 + 6);
        isFragmentable = (flagsAndOffset & 0x4000) == 0;
        hasMore = (flagsAndOffset & 0x2000) != 0;
        offset = (flagsAndOffset & 0x1fff) * 8;
        hopLimit = Octets.u8(bytes, l3 + 8);
        protocol = Octets.u8(bytes, l3 + 9);
        source = IpAddress.ofIpv4(Octets.i32(bytes, l3 + 12));
        target = IpAddress.ofIpv4(Octets.i32(bytes, l3 + 16));
        l4 = Math.min(bytes.length, l3 + (Octets.u8(bytes, l3) & 0xf) * 4);
        end = Math.clamp(l3 + Octets.u16(bytes, l3 + 2), l4, bytes.length);
    }

    private void readIpv6() {
        number = Octets.i32(bytes, l3) & 0xf_ffff;
        hopLimit = Octets.u8(bytes, l3 + 7);
        protocol = Octets.u8(bytes, l3 + 6);
        source = IpAddress.ofIpv6(Octets.i64(bytes, l3 + 8), Octets.i64(bytes, l3 + 16));
        target = IpAddress.ofIpv6(Octets.i64(bytes, l3 + 24), Octets.i64(bytes, l3 + 32));
        l4 = l3 + 40;
        end = Math.clamp(l4 + Octets.u16(bytes, l3 + 4), l4, bytes.length);
        if (protocol != FrameWriter.FRAGMENT || end < l4 + 8) return;
        protocol = Octets.u8(bytes, l4);
        offset = Octets.u16(bytes, l4 + 2) & ~7;
        hasMore = (Octets.u8(bytes, l4 + 3) & 1) != 0;
        l4 += 8;
    }

    public byte[] bytes()           { return bytes; }
    public long targetMac()         { return Octets.u48(bytes, 0); }
    public long sourceMac()         { return Octets.u48(bytes, 6); }
    /// 0 is none.
    public int vlan()               { return vlan; }
    public int etherType()          { return etherType; }
    public boolean isIp()           { return number != 0 || protocol != 0; }
    public boolean isArp()          { return etherType == FrameWriter.ETHER_ARP && bytes.length >= l3 + 28; }
    public int l3()                 { return l3; }
    public int l4()                 { return l4; }
    public IpAddress source()       { return source; }
    public IpAddress target()       { return target; }
    /// Identification, or flow label: the world gives every datagram another one.
    public int number()             { return number; }
    public int hopLimit()           { return hopLimit; }
    public int protocol()           { return protocol; }
    /// Where what the packet carries lies in the whole message, bytes.
    public int offset()             { return offset; }
    public boolean hasMore()        { return hasMore; }
    public boolean isFragment()     { return hasMore || offset != 0; }
    /// IPv4 without DF.
    public boolean isFragmentable() { return isFragmentable; }
    /// From the IP header to the packet's end.
    public int packetBytes()        { return end - l3; }
    /// Of the message that the packet carries, or of this part of it.
    public int messageBytes()       { return end - l4; }
    public int sourcePort()         { return messageBytes() < 4 ? 0 : Octets.u16(bytes, l4); }
    public int targetPort()         { return messageBytes() < 4 ? 0 : Octets.u16(bytes, l4 + 2); }
    public int tcpFlags()           { return messageBytes() < 20 ? 0 : Octets.u8(bytes, l4 + 13); }
    /// The first byte of an ICMP message.
    public int icmpType()           { return messageBytes() < 8 ? -1 : Octets.u8(bytes, l4); }

    public byte[] message() {
        return Arrays.copyOfRange(bytes, l4, end);
    }

    /// Bytes behind the packet's end.
    public int paddingBytes() {
        return bytes.length - end;
    }

    /// True for an ICMP or ICMPv6 message that quotes a packet.
    public boolean isIcmpError() {
        if (offset != 0) return false;
        int type = icmpType();
        return protocol == FrameWriter.ICMP && (type == 3 || type == 5 || type == 11 || type == 12)
            || protocol == FrameWriter.ICMPV6 && (type >= 1 && type <= 4 || type == 137);
    }

    /// True for router and neighbour solicitations and advertisements.
    public boolean isDiscovery() {
        return protocol == FrameWriter.ICMPV6 && icmpType() >= 133 && icmpType() <= 136;
    }

    @Override
    public String toString() {
        if (isArp()) {
            return (Octets.u16(bytes, l3 + 6) == 1 ? "ARP who has " : "ARP about ")
                + IpAddress.ofIpv4(Octets.i32(bytes, l3 + (Octets.u16(bytes, l3 + 6) == 1 ? 24 : 14)));
        }
        if (!isIp()) return bytes.length + " bytes of type 0x" + Integer.toHexString(etherType);
        boolean hasPorts = protocol == FrameWriter.TCP || protocol == FrameWriter.UDP;
        String ports = hasPorts ? sourcePort() + ">" + targetPort() : "type " + icmpType();
        return "#" + number + " " + source + " > " + target + " protocol " + protocol + " "
            + (offset == 0 ? ports : "") + (isFragment() ? " at " + offset + (hasMore ? "+" : "") : "") + ", "
            + packetBytes() + " bytes, TTL " + hopLimit + (vlan == 0 ? "" : ", VLAN " + vlan)
            + String.format(", %012x > %012x", sourceMac(), targetMac());
    }
}
