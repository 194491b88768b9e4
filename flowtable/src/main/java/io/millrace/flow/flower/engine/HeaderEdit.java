package io.millrace.flow.flower.engine;

import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.flow.flower.PeditKey;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// The action `pedit`: changes words of headers, as Linux's `act_pedit` does on x86. Words are those of the packet's
/// first slot. A key whose header or word is not there ends the action; the keys before it have been written.
final class HeaderEdit {

    private static final int ETHERNET_BYTES = 14;
    private static final int IPV4_BYTES_MIN = 20;
    private static final int IPV6_BYTES = 40;
    private static final int ABSENT = -1;
    private static final int HEADERS_MAX = 15;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final ChecksumRecord checksums;

    HeaderEdit(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.checksums = new ChecksumRecord(packets);
    }

    /// Carries out every key; false if one could not be.
    ///
    /// @param networkAt behind the VLAN tags
    boolean run(FlowerAction.Pedit pedit, int packet, int networkAt) {
        // A sum over bytes that change is no longer theirs.
        if (checksums.state(packet) == ChecksumState.COMPLETE) checksums.none(packet);
        long frameAt = meta.frameAt(packet);
        int end = meta.slotBytes(packet);
        for (int i = 0; i < pedit.keys().size(); i++) {
            PeditKey key = pedit.keys().get(i);
            int headerAt = headerAt(key.header(), frameAt, networkAt, end);
            int at = headerAt + key.offset();
            if (headerAt == ABSENT || at < 0 || at + Integer.BYTES > end) return false;
            write(key, frameAt + at);
        }
        return true;
    }

    private void write(PeditKey key, long at) {
        int word = Wire.i32(memory, at);
        int value = key.value();
        if (key.isAdd()) value = swapped(swapped(word) + swapped(value)) & ~key.mask();
        Wire.i32(memory, at, word & key.mask() ^ value);
    }

    /// As a machine of the other byte order reads it: Linux adds the words as x86 loads them.
    private static int swapped(int word) {
        return Integer.reverseBytes(word);
    }

    private int headerAt(PeditKey.Header header, long frameAt, int networkAt, int end) {
        return switch (header) {
            case ETHERNET -> 0;
            case NETWORK, IPV4, IPV6 -> networkAt;
            case TCP -> transportAt(IpProtocol.TCP, frameAt, networkAt, end);
            case UDP -> transportAt(IpProtocol.UDP, frameAt, networkAt, end);
        };
    }

    private int transportAt(int protocol, long frameAt, int networkAt, int end) {
        if (networkAt < ETHERNET_BYTES) return ABSENT;
        return switch (Wire.u16(memory, frameAt + networkAt - 2)) {
            case EtherType.IPV4 -> behindIpv4(protocol, frameAt, networkAt, end);
            case EtherType.IPV6 -> behindIpv6(protocol, frameAt, networkAt, end);
            default -> ABSENT;
        };
    }

    private int behindIpv4(int protocol, long frameAt, int at, int end) {
        if (at + IPV4_BYTES_MIN > end || Wire.u8(memory, frameAt + at + 9) != protocol) return ABSENT;
        return at + (Wire.u8(memory, frameAt + at) & 0x0f) * 4;
    }

    private int behindIpv6(int protocol, long frameAt, int networkAt, int end) {
        if (networkAt + IPV6_BYTES > end) return ABSENT;
        int next = Wire.u8(memory, frameAt + networkAt + 6);
        int at = networkAt + IPV6_BYTES;
        for (int headers = 0; headers < HEADERS_MAX && next != protocol; headers++) {
            if (at + 8 > end) return ABSENT;
            int headerBytes = switch (next) {
                case IpProtocol.HOP_BY_HOP, IpProtocol.ROUTING, IpProtocol.DESTINATION_OPTIONS ->
                    (Wire.u8(memory, frameAt + at + 1) + 1) * 8;
                case IpProtocol.AUTHENTICATION -> (Wire.u8(memory, frameAt + at + 1) + 2) * 4;
                case IpProtocol.FRAGMENT -> (Wire.u16(memory, frameAt + at + 2) & 0xfff8) == 0 ? 8 : ABSENT;
                default -> ABSENT;
            };
            if (headerBytes == ABSENT) return ABSENT;
            next = Wire.u8(memory, frameAt + at);
            at += headerBytes;
        }
        return next == protocol ? at : ABSENT;
    }
}
