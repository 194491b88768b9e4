package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of an ARP packet for IPv4 over Ethernet in packet memory (RFC 826).
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +-------------------------------+-------------------------------+
///  |  hardware type: 1 (or 6)      |  protocol type: 0x0800        |
///  +---------------+---------------+-------------------------------+
///  | hw. bytes: 6  | prot. bytes: 4|  operation                    |
///  +---------------+---------------+-------------------------------+
///  |                       sender MAC address                      |
///  +-------------------------------+-------------------------------+
///  |                               |  sender IPv4 address …        |
///  +-------------------------------+-------------------------------+
///  |  … sender IPv4 address        |                               |
///  +-------------------------------+                               |
///  |                       target MAC address                      |
///  +---------------------------------------------------------------+
///  |                       target IPv4 address                     |
///  +---------------------------------------------------------------+
/// ```
///
/// Call [#isValid] first. The other accessors trust its answer and look at no length.
public final class ArpView {

    public static final int HEADER_BYTES = 28;
    public static final int REQUEST = 1;
    public static final int REPLY = 2;

    private static final int HARDWARE_ETHERNET = 1;
    private static final int HARDWARE_IEEE_802 = 6;   // RFC 1042; Linux takes it for Ethernet too (net/ipv4/arp.c)

    private static final int HARDWARE_TYPE = 0;
    private static final int PROTOCOL_TYPE = 2;
    private static final int ADDRESS_BYTES = 4;       // hardware's and protocol's, one byte each
    private static final int OPERATION = 6;
    private static final int SENDER_MAC = 8;
    private static final int SENDER = 14;
    private static final int TARGET_MAC = 18;
    private static final int TARGET = 24;

    private static final int ETHERNET_AND_IPV4_BYTES = 0x0604;

    private final MemorySegment memory;
    private long base;

    public ArpView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at an ARP packet beginning at `offset` in the segment.
    public ArpView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the packet lies within `bytesAvailable` and speaks of Ethernet and IPv4.
    public boolean isValid(int bytesAvailable) {
        if (bytesAvailable < HEADER_BYTES) return false;
        int hardwareType = hardwareType();
        return (hardwareType == HARDWARE_ETHERNET || hardwareType == HARDWARE_IEEE_802)
            && Wire.u16(memory, base + PROTOCOL_TYPE) == EtherType.IPV4
            && Wire.u16(memory, base + ADDRESS_BYTES) == ETHERNET_AND_IPV4_BYTES;
    }

    public int hardwareType() { return Wire.u16(memory, base + HARDWARE_TYPE); }
    public int operation()    { return Wire.u16(memory, base + OPERATION); }
    public long senderMac()   { return Wire.u48(memory, base + SENDER_MAC); }
    public int sender()       { return Wire.i32(memory, base + SENDER); }
    public long targetMac()   { return Wire.u48(memory, base + TARGET_MAC); }
    public int target()       { return Wire.i32(memory, base + TARGET); }

    /// Sets the four fields in front of the operation to what Ethernet and IPv4 have there.
    public void ethernetAndIpv4() {
        Wire.u16(memory, base + HARDWARE_TYPE, HARDWARE_ETHERNET);
        Wire.u16(memory, base + PROTOCOL_TYPE, EtherType.IPV4);
        Wire.u16(memory, base + ADDRESS_BYTES, ETHERNET_AND_IPV4_BYTES);
    }

    public void operation(int value)  { Wire.u16(memory, base + OPERATION, value); }
    public void senderMac(long value) { Wire.u48(memory, base + SENDER_MAC, value); }
    public void sender(int value)     { Wire.i32(memory, base + SENDER, value); }
    public void targetMac(long value) { Wire.u48(memory, base + TARGET_MAC, value); }
    public void target(int value)     { Wire.i32(memory, base + TARGET, value); }
}
