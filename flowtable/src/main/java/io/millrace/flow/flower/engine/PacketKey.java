package io.millrace.flow.flower.engine;

import io.millrace.flow.flower.FlowerField;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The fields of one packet that filters can match, read as Linux's flow dissector does for flower: outer headers only,
/// up to the first that is cut or unknown; behind any fragment's IP header nothing is read, not even in the first.
///
/// One object that is used again: [#read] anew for each packet and after its bytes changed. Headers are those that lie
/// in the packet's first slot.
final class PacketKey {

    private static final int ETHERNET_BYTES = 14;
    private static final int TAG_BYTES = 4;
    private static final int IPV4_BYTES_MIN = 20;
    private static final int IPV6_BYTES = 40;
    private static final int TCP_BYTES_MIN = 20;
    private static final int ARP_BYTES = 28;
    private static final int MPLS_DEPTH_MAX = 7;
    private static final int CFM = 0x8902;
    private static final int RARP = 0x8035;
    private static final int PPP_IPV4 = 0x0021;
    private static final int PPP_IPV6 = 0x0057;
    private static final int PPP_MPLS = 0x0281;
    private static final int PPP_MPLS_UPSTREAM = 0x0283;
    /// Headers that Linux's dissector follows at most.
    static final int HEADERS_MAX = 15;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final long[] words = new long[FlowerField.WORDS];
    private long frameAt;
    private int end;
    private int at;
    private int firstType;
    private int networkAt;

    PacketKey(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
    }

    /// Reads the frame of a packet that came by, or leaves by, an interface.
    void read(int packet, int interfaceIndex) {
        Arrays.fill(words, 0);
        frameAt = meta.frameAt(packet);
        end = meta.slotBytes(packet);
        firstType = 0;
        networkAt = ETHERNET_BYTES;
        put(FlowerField.INDEV, interfaceIndex + 1L);
        if (end < ETHERNET_BYTES) return;
        put(FlowerField.TARGET_MAC, Wire.u48(memory, frameAt));
        put(FlowerField.SOURCE_MAC, Wire.u48(memory, frameAt + 6));
        firstType = u16(12);
        at = ETHERNET_BYTES;
        int type = readTags(firstType);
        networkAt = at;
        if (type == EtherType.PPPOE_SESSION) type = readPppoe();
        put(FlowerField.NETWORK_PROTOCOL, type);
        switch (type) {
            case EtherType.IPV4 -> readIpv4();
            case EtherType.IPV6 -> readIpv6();
            case EtherType.ARP, RARP -> readArp();
            case EtherType.MPLS, EtherType.MPLS_UPSTREAM -> readMpls();
            case CFM -> readCfm();
            default -> { }
        }
    }

    /// What connection tracking found: bits of [io.millrace.flow.flower.CtStateBits].
    void track(int state, int zone, int mark) {
        words[FlowerField.CT_STATE.word()] = 0;
        put(FlowerField.CT_STATE, state);
        put(FlowerField.CT_ZONE, zone);
        put(FlowerField.CT_MARK, mark & 0xffff_ffffL);
    }

    long word(int index)  { return words[index]; }
    int sourcePort()      { return (int) (words[FlowerField.SOURCE_PORT.word()] >>> 48); }
    int targetPort()      { return (int) (words[FlowerField.TARGET_PORT.word()] >>> 32) & 0xffff; }
    /// The EtherType that the frame begins with: of the tag where it has one. 0 where the frame has none.
    int firstType()       { return firstType; }
    /// Where the header behind the tags begins, from the packet's first byte.
    int networkAt()       { return networkAt; }

    private int readTags(int first) {
        int type = first;
        for (int tags = 0; type == EtherType.VLAN || type == EtherType.VLAN_SERVICE; tags++) {
            if (tags == HEADERS_MAX || !isPresent(TAG_BYTES)) return type;
            int tci = u16(at);
            int next = u16(at + 2);
            if (tags == 0) {
                putTag(FlowerField.VLAN_TAG, FlowerField.VLAN_ID, FlowerField.VLAN_NEXT, type, tci, next);
            } else if (tags == 1) {
                putTag(FlowerField.CVLAN_TAG, FlowerField.CVLAN_ID, FlowerField.CVLAN_NEXT, type, tci, next);
            }
            words[FlowerField.VLAN_COUNT.word()] += 1L << FlowerField.VLAN_COUNT.shift();
            at += TAG_BYTES;
            type = next;
        }
        return type;
    }

    /// Id and priority lie as they do in the tag.
    private void putTag(FlowerField tag, FlowerField id, FlowerField next, int type, int tci, int nextType) {
        put(tag, type);
        words[id.word()] |= (tci & 0xefffL) << id.shift();
        put(next, nextType);
    }

    private int readPppoe() {
        if (!isPresent(8)) return EtherType.PPPOE_SESSION;
        boolean isData = u16(at) == 0x1100;
        if (!isData) return EtherType.PPPOE_SESSION;
        int ppp = u16(at + 6);
        boolean isOneByte = (ppp & 0x100) != 0;   // RFC 1661 section 6.5
        if (isOneByte) ppp >>>= 8;
        put(FlowerField.PPPOE_TYPE, EtherType.PPPOE_SESSION);
        put(FlowerField.PPPOE_SESSION, u16(at + 2));
        put(FlowerField.PPP_PROTOCOL, ppp);
        at += isOneByte ? 7 : 8;
        return switch (ppp) {
            case PPP_IPV4 -> EtherType.IPV4;
            case PPP_IPV6 -> EtherType.IPV6;
            case PPP_MPLS -> EtherType.MPLS;
            case PPP_MPLS_UPSTREAM -> EtherType.MPLS_UPSTREAM;
            default -> EtherType.PPPOE_SESSION;
        };
    }

    private void readIpv4() {
        if (!isPresent(IPV4_BYTES_MIN)) return;
        int headerBytes = (u8(at) & 0x0f) * 4;
        if (headerBytes < IPV4_BYTES_MIN) return;
        int protocol = u8(at + 9);
        put(FlowerField.IP_PROTOCOL, protocol);
        put(FlowerField.ADDRESS_FAMILY, 4);
        put(FlowerField.IP_TOS, u8(at + 1));
        put(FlowerField.IP_TTL, u8(at + 8));
        words[FlowerField.SOURCE_ADDRESS.word() + 1] = Wire.u32(memory, frameAt + at + 12);
        words[FlowerField.TARGET_ADDRESS.word() + 1] = Wire.u32(memory, frameAt + at + 16);
        int fragment = u16(at + 6) & 0x3fff;
        if (fragment != 0) {
            putFragment((fragment & 0x1fff) == 0);
            return;
        }
        at += headerBytes;
        readTransport(protocol, EtherType.IPV4);
    }

    private void readIpv6() {
        if (!isPresent(IPV6_BYTES)) return;
        put(FlowerField.ADDRESS_FAMILY, 6);
        put(FlowerField.IP_TOS, u16(at) >>> 4 & 0xff);
        put(FlowerField.IP_TTL, u8(at + 7));
        for (int i = 0; i < 2; i++) {
            words[FlowerField.SOURCE_ADDRESS.word() + i] = Wire.i64(memory, frameAt + at + 8 + i * 8L);
            words[FlowerField.TARGET_ADDRESS.word() + i] = Wire.i64(memory, frameAt + at + 24 + i * 8L);
        }
        int protocol = u8(at + 6);
        at += IPV6_BYTES;
        for (int headers = 0; headers < HEADERS_MAX; headers++) {
            boolean isOptions = protocol == IpProtocol.HOP_BY_HOP || protocol == IpProtocol.ROUTING
                || protocol == IpProtocol.DESTINATION_OPTIONS;
            if (!isOptions && protocol != IpProtocol.FRAGMENT) break;
            if (!isPresent(isOptions ? 2 : 8)) break;
            int next = u8(at);
            if (!isOptions) {
                put(FlowerField.IP_PROTOCOL, next);
                putFragment((u16(at + 2) & 0xfff8) == 0);
                return;
            }
            at += (u8(at + 1) + 1) * 8;
            protocol = next;
        }
        put(FlowerField.IP_PROTOCOL, protocol);
        readTransport(protocol, EtherType.IPV6);
    }

    private void putFragment(boolean isFirst) {
        put(FlowerField.IP_FLAGS, isFirst ? FlowerField.FRAGMENT | FlowerField.FIRST_FRAGMENT : FlowerField.FRAGMENT);
    }

    private void readTransport(int protocol, int network) {
        switch (protocol) {
            case IpProtocol.TCP -> {
                putPorts();
                boolean isWhole = isPresent(TCP_BYTES_MIN) && u8(at + 12) >>> 4 >= 5;
                if (isWhole) put(FlowerField.TCP_FLAGS, u16(at + 12) & 0xfff);
            }
            case IpProtocol.UDP, IpProtocol.SCTP -> putPorts();
            case IpProtocol.ICMP -> putIcmp(network == EtherType.IPV4);
            case IpProtocol.ICMPV6 -> putIcmp(network == EtherType.IPV6);
            case IpProtocol.L2TP -> {
                if (isPresent(4)) put(FlowerField.L2TP_SESSION, Wire.u32(memory, frameAt + at));
            }
            case IpProtocol.ESP -> {
                if (isPresent(8)) put(FlowerField.SPI, Wire.u32(memory, frameAt + at));
            }
            case IpProtocol.AUTHENTICATION -> {
                if (isPresent(12)) put(FlowerField.SPI, Wire.u32(memory, frameAt + at + 4));
            }
            default -> { }
        }
    }

    private void putPorts() {
        if (!isPresent(4)) return;
        put(FlowerField.SOURCE_PORT, u16(at));
        put(FlowerField.TARGET_PORT, u16(at + 2));
    }

    private void putIcmp(boolean isOfNetwork) {
        if (!isOfNetwork || !isPresent(8)) return;
        put(FlowerField.ICMP_TYPE, u8(at));
        put(FlowerField.ICMP_CODE, u8(at + 1));
    }

    private void readArp() {
        if (!isPresent(ARP_BYTES)) return;
        boolean isEthernetIpv4 = u16(at) == 1 && u16(at + 2) == EtherType.IPV4 && u16(at + 4) == 0x0604;
        int operation = u16(at + 6);
        if (!isEthernetIpv4 || operation != 1 && operation != 2) return;
        put(FlowerField.ARP_OPERATION, operation);
        put(FlowerField.ARP_SOURCE_MAC, Wire.u48(memory, frameAt + at + 8));
        put(FlowerField.ARP_SOURCE, Wire.u32(memory, frameAt + at + 14));
        put(FlowerField.ARP_TARGET_MAC, Wire.u48(memory, frameAt + at + 18));
        put(FlowerField.ARP_TARGET, Wire.u32(memory, frameAt + at + 24));
    }

    private void readMpls() {
        for (int depth = 1; depth <= MPLS_DEPTH_MAX && isPresent(4); depth++) {
            long entry = Wire.u32(memory, frameAt + at);
            put(FlowerField.mpls(depth), entry);
            at += 4;
            boolean isBottom = (entry & 0x100) != 0;
            if (isBottom) return;
        }
    }

    private void readCfm() {
        if (!isPresent(4)) return;
        put(FlowerField.CFM_LEVEL, u8(at) >>> 5);
        put(FlowerField.CFM_OPERATION, u8(at + 1));
    }

    private boolean isPresent(int byteCount) {
        return at + byteCount <= end;
    }

    private int u8(int offset)  { return Wire.u8(memory, frameAt + offset); }
    private int u16(int offset) { return Wire.u16(memory, frameAt + offset); }

    private void put(FlowerField field, long value) {
        words[field.word()] |= value << field.shift();
    }
}
