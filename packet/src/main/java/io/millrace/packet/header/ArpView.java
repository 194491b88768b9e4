package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of an ARP packet for IPv4 over Ethernet in packet memory (RFC 826).
///
/// ```
///  0        2        4    5    6        8             14         18            24         28
///  +--------+--------+----+----+--------+-------------+----------+-------------+----------+
///  |hardware|protocol|  6 |  4 |operatn |sender's MAC |sender's  |target's MAC |target's  |
///  |  type 1| 0x0800 |    |    |        |             |IP        |             |IP        |
///  +--------+--------+----+----+--------+-------------+----------+-------------+----------+
/// ```
public final class ArpView {

    public static final int PACKET_BYTES = 28;
    public static final int REQUEST = 1;
    public static final int REPLY = 2;

    private static final int ETHERNET = 1;
    private static final int LENGTHS_ETHERNET_IPV4 = 6 << 8 | 4;

    private static final int HARDWARE_TYPE = 0;
    private static final int PROTOCOL_TYPE = 2;
    private static final int LENGTHS = 4;
    private static final int OPERATION = 6;
    private static final int SENDER_MAC = 8;
    private static final int SENDER_IP = 14;
    private static final int TARGET_MAC = 18;
    private static final int TARGET_IP = 24;

    private final MemorySegment memory;
    private long base;

    public ArpView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public ArpView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the packet lies within `bytesAvailable` and is about IPv4 over Ethernet.
    public boolean isValid(int bytesAvailable) {
        if (bytesAvailable < PACKET_BYTES) return false;
        return hardwareType() == ETHERNET && protocolType() == EtherType.IPV4 && lengths() == LENGTHS_ETHERNET_IPV4;
    }

    /// Writes the fields that every ARP packet for IPv4 over Ethernet has alike.
    public void begin(int operation) {
        hardwareType(ETHERNET);
        protocolType(EtherType.IPV4);
        lengths(LENGTHS_ETHERNET_IPV4);
        operation(operation);
    }

    public int hardwareType() { return Wire.u16(memory, base + HARDWARE_TYPE); }
    public int protocolType() { return Wire.u16(memory, base + PROTOCOL_TYPE); }
    /// Bytes of a hardware address × 256 + bytes of a protocol address.
    public int lengths() { return Wire.u16(memory, base + LENGTHS); }
    public int operation() { return Wire.u16(memory, base + OPERATION); }
    public long senderMac() { return Wire.u48(memory, base + SENDER_MAC); }
    public int senderIp() { return Wire.i32(memory, base + SENDER_IP); }
    public long targetMac() { return Wire.u48(memory, base + TARGET_MAC); }
    public int targetIp() { return Wire.i32(memory, base + TARGET_IP); }

    public void hardwareType(int value) { Wire.u16(memory, base + HARDWARE_TYPE, value); }
    public void protocolType(int value) { Wire.u16(memory, base + PROTOCOL_TYPE, value); }
    public void lengths(int value) { Wire.u16(memory, base + LENGTHS, value); }
    public void operation(int value) { Wire.u16(memory, base + OPERATION, value); }
    public void senderMac(long value) { Wire.u48(memory, base + SENDER_MAC, value); }
    public void senderIp(int value) { Wire.i32(memory, base + SENDER_IP, value); }
    public void targetMac(long value) { Wire.u48(memory, base + TARGET_MAC, value); }
    public void targetIp(int value) { Wire.i32(memory, base + TARGET_IP, value); }
}
