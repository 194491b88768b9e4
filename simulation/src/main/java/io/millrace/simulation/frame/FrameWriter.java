package io.millrace.simulation.frame;

import io.millrace.packet.address.IpAddress;

/// Writes IP packets and what they carry. Every checksum is right.
public final class FrameWriter {

    public static final int ETHER_IPV4 = 0x0800;
    public static final int ETHER_ARP = 0x0806;
    public static final int ETHER_IPV6 = 0x86dd;
    public static final int ICMP = 1;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int FRAGMENT = 44;
    public static final int ICMPV6 = 58;
    public static final int FIN = 1;
    public static final int SYN = 2;
    public static final int RST = 4;
    public static final int PSH = 8;
    public static final int ACK = 16;

    private static final int DONT_FRAGMENT = 0x4000;
    private static final int MORE_FRAGMENTS = 0x2000;

    /// @param number   identification, or flow label
    /// @param hopLimit or TTL
    public static byte[] packet(IpAddress source, IpAddress target, int number, int hopLimit, boolean dontFragment,
                                int protocol, byte[] message) {
        return source.isIpv4() ? packet4(source, target, number, hopLimit,
            dontFragment ? DONT_FRAGMENT : 0, protocol, message)
            : packet6(source, target, number, hopLimit, protocol, message);
    }

    private static byte[] packet4(IpAddress source, IpAddress target, int number, int hopLimit, int flagsAndOffset,
                                  int protocol, byte[] message) {
        byte[] packet = new byte[20 + message.length];
        Octets.u8(packet, 0, 0x45);
        Octets.u16(packet, 2, packet.length);
        Octets.u16(packet, 4, number);
        Octets.u16(packet, 6, flagsAndOffset);
        Octets.u8(packet, 8, hopLimit);
        Octets.u8(packet, 9, protocol);
        Octets.i32(packet, 12, source.ipv4());
        Octets.i32(packet, 16, target.ipv4());
        Octets.u16(packet, 10, OnesSum.checksum(packet, 0, 20));
        System.arraycopy(message, 0, packet, 20, message.length);
        return packet;
    }

    private static byte[] packet6(IpAddress source, IpAddress target, int number, int hopLimit, int nextHeader,
                                  byte[] message) {
        byte[] packet = new byte[40 + message.length];
        Octets.i32(packet, 0, 6 << 28 | number);
        Octets.u16(packet, 4, message.length);
        Octets.u8(packet, 6, nextHeader);
        Octets.u8(packet, 7, hopLimit);
        address(packet, 8, source);
        address(packet, 24, target);
        System.arraycopy(message, 0, packet, 40, message.length);
        return packet;
    }

    /// One fragment: `byteCount` bytes of the message from `offset`, a multiple of 8, on.
    public static byte[] fragment(IpAddress source, IpAddress target, int number, int hopLimit, int protocol,
                                  byte[] message, int offset, int byteCount) {
        boolean hasMore = offset + byteCount < message.length;
        if (source.isIpv4()) {
            byte[] part = new byte[byteCount];
            System.arraycopy(message, offset, part, 0, byteCount);
            return packet4(source, target, number, hopLimit, (hasMore ? MORE_FRAGMENTS : 0) | offset / 8, protocol,
                part);
        }
        byte[] part = new byte[8 + byteCount];
        Octets.u8(part, 0, protocol);
        Octets.u16(part, 2, offset | (hasMore ? 1 : 0));
        Octets.i32(part, 4, number);
        System.arraycopy(message, offset, part, 8, byteCount);
        return packet6(source, target, number, hopLimit, FRAGMENT, part);
    }

    /// @param options padded to words of four bytes
    public static byte[] tcp(IpAddress source, IpAddress target, int sourcePort, int targetPort, int flags,
                             int sequence, int acknowledged, byte[] options, byte[] payload) {
        int headerBytes = 20 + options.length;
        byte[] segment = new byte[headerBytes + payload.length];
        Octets.u16(segment, 0, sourcePort);
        Octets.u16(segment, 2, targetPort);
        Octets.i32(segment, 4, sequence);
        Octets.i32(segment, 8, acknowledged);
        Octets.u8(segment, 12, headerBytes / 4 << 4);
        Octets.u8(segment, 13, flags);
        Octets.u16(segment, 14, 0xffff);
        System.arraycopy(options, 0, segment, 20, options.length);
        System.arraycopy(payload, 0, segment, headerBytes, payload.length);
        Octets.u16(segment, 16, OnesSum.transport(source, target, TCP, segment, 0, segment.length));
        return segment;
    }

    public static byte[] udp(IpAddress source, IpAddress target, int sourcePort, int targetPort, byte[] payload) {
        byte[] datagram = new byte[8 + payload.length];
        Octets.u16(datagram, 0, sourcePort);
        Octets.u16(datagram, 2, targetPort);
        Octets.u16(datagram, 4, datagram.length);
        System.arraycopy(payload, 0, datagram, 8, payload.length);
        int sum = OnesSum.transport(source, target, UDP, datagram, 0, datagram.length);
        Octets.u16(datagram, 6, sum == 0 ? 0xffff : sum);
        return datagram;
    }

    /// An echo request or reply of either family.
    public static byte[] echo(IpAddress source, IpAddress target, boolean isRequest, int id, int sequence,
                              byte[] payload) {
        byte[] message = new byte[8 + payload.length];
        boolean isIpv4 = source.isIpv4();
        Octets.u8(message, 0, isIpv4 ? isRequest ? 8 : 0 : isRequest ? 128 : 129);
        Octets.u16(message, 4, id);
        Octets.u16(message, 6, sequence);
        System.arraycopy(payload, 0, message, 8, payload.length);
        Octets.u16(message, 2, isIpv4 ? OnesSum.checksum(message, 0, message.length)
            : OnesSum.transport(source, target, ICMPV6, message, 0, message.length));
        return message;
    }

    /// @param operation 1 asks, 2 answers
    public static byte[] arp(int operation, long senderMac, IpAddress sender, long targetMac, IpAddress target) {
        byte[] packet = new byte[28];
        Octets.u16(packet, 0, 1);
        Octets.u16(packet, 2, ETHER_IPV4);
        Octets.u8(packet, 4, 6);
        Octets.u8(packet, 5, 4);
        Octets.u16(packet, 6, operation);
        Octets.u48(packet, 8, senderMac);
        Octets.i32(packet, 14, sender.ipv4());
        Octets.u48(packet, 18, targetMac);
        Octets.i32(packet, 24, target.ipv4());
        return packet;
    }

    /// A neighbour advertisement with its target link-layer address.
    public static byte[] advertisement(IpAddress source, IpAddress target, IpAddress about, long mac,
                                       boolean isSolicited, boolean isRouter) {
        byte[] message = new byte[32];
        Octets.u8(message, 0, 136);
        Octets.u8(message, 4, (isRouter ? 0x80 : 0) | (isSolicited ? 0x40 : 0) | 0x20);
        address(message, 8, about);
        Octets.u8(message, 24, 2);
        Octets.u8(message, 25, 1);
        Octets.u48(message, 26, mac);
        Octets.u16(message, 2, OnesSum.transport(source, target, ICMPV6, message, 0, message.length));
        return packet6(source, target, 0, 255, ICMPV6, message);
    }

    private static void address(byte[] bytes, int at, IpAddress address) {
        Octets.i64(bytes, at, address.high());
        Octets.i64(bytes, at + 8, address.low());
    }

    private FrameWriter() {}
}
