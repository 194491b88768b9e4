package io.millrace.control.trace;

import io.millrace.packet.header.EtherType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// What a filter asks about a packet, read from its first slot as it lies there, whatever stages have found out.
/// One at a time: [#read] overwrites.
final class FrameFields {

    static final int NONE = -1;

    private static final int ETHERNET_BYTES = 14;
    private static final int TAG_BYTES = 4;
    private static final int VLAN_ID_MASK = 0xfff;
    private static final int FRAGMENT_OFFSET_MASK = 0x1fff;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int TARGET_OPTIONS = 60;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SCTP = 132;
    private static final int UDP_LITE = 136;
    private static final int DCCP = 33;

    int etherType;
    int vlan;               // id of the outermost tag, or NONE
    int family;             // 4, 6, or 0
    int protocol;           // of IPv4's or the last of IPv6's headers, or NONE
    long sourceHigh;        // of IPv4 0
    long sourceLow;
    long targetHigh;
    long targetLow;
    int sourcePort;         // or NONE
    int targetPort;

    private final PacketMeta meta;
    private final MemorySegment memory;
    private long at;
    private long endAt;

    FrameFields(PacketMemory packets) {
        this.meta = new PacketMeta(packets);
        this.memory = packets.segment();
    }

    void read(int packet) {
        etherType = NONE;
        vlan = NONE;
        family = 0;
        protocol = NONE;
        sourcePort = NONE;
        targetPort = NONE;
        at = meta.frameAt(packet);
        endAt = at + meta.slotBytes(packet);
        if (meta.linkType(packet) != 1 || !has(ETHERNET_BYTES)) return;
        etherType = Wire.u16(memory, at + ETHERNET_BYTES - 2);
        at += ETHERNET_BYTES;
        while (isTag(etherType) && has(TAG_BYTES)) {
            if (vlan == NONE) vlan = Wire.u16(memory, at) & VLAN_ID_MASK;
            etherType = Wire.u16(memory, at + 2);
            at += TAG_BYTES;
        }
        if (etherType == EtherType.IPV4) readIpv4();
        if (etherType == EtherType.IPV6) readIpv6();
    }

    private static boolean isTag(int type) {
        return type == 0x8100 || type == 0x88a8;
    }

    private boolean has(int byteCount) {
        return endAt - at >= byteCount;
    }

    private void readIpv4() {
        if (!has(20)) return;
        family = 4;
        protocol = Wire.u8(memory, at + 9);
        sourceHigh = 0;
        targetHigh = 0;
        sourceLow = Integer.toUnsignedLong(Wire.i32(memory, at + 12));
        targetLow = Integer.toUnsignedLong(Wire.i32(memory, at + 16));
        boolean isLaterFragment = (Wire.u16(memory, at + 6) & FRAGMENT_OFFSET_MASK) != 0;
        at += 4L * (Wire.u8(memory, at) & 0xf);
        if (!isLaterFragment) readPorts();
    }

    private void readIpv6() {
        if (!has(40)) return;
        family = 6;
        protocol = Wire.u8(memory, at + 6);
        sourceHigh = Wire.i64(memory, at + 8);
        sourceLow = Wire.i64(memory, at + 16);
        targetHigh = Wire.i64(memory, at + 24);
        targetLow = Wire.i64(memory, at + 32);
        at += 40;
        while (has(8)) {
            boolean isOptions = protocol == HOP_BY_HOP || protocol == ROUTING || protocol == TARGET_OPTIONS;
            if (!isOptions && protocol != FRAGMENT) break;
            boolean isLaterFragment = protocol == FRAGMENT && Wire.u16(memory, at + 2) >>> 3 != 0;
            int headerBytes = protocol == FRAGMENT ? 8 : 8 + 8 * Wire.u8(memory, at + 1);
            protocol = Wire.u8(memory, at);
            if (isLaterFragment) return;
            at += headerBytes;
        }
        readPorts();
    }

    private void readPorts() {
        boolean hasPorts = protocol == TCP || protocol == UDP || protocol == SCTP || protocol == UDP_LITE
            || protocol == DCCP;
        if (!hasPorts || !has(4)) return;
        sourcePort = Wire.u16(memory, at);
        targetPort = Wire.u16(memory, at + 2);
    }
}
