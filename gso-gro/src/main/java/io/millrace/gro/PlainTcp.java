package io.millrace.gro;

import io.millrace.checksum.InternetChecksum;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.TcpView;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// The short way for nearly all traffic: TCP over IPv4 or IPv6 over Ethernet in one slot, nothing odd in it, whose sum
/// the device knows or nobody knows yet. Finds what [HeaderWalk] finds, in words and not in headers; what is not so is
/// left to the walk, wrong checksums too.
final class PlainTcp {

    private static final int LINK_TYPE_ETHERNET = 1;
    private static final int L3 = 14;
    private static final int IPV4_L4 = L3 + 20;
    private static final int IPV6_L4 = L3 + 40;
    private static final long IPV4_WITHOUT_OPTIONS = 0x45;
    /// Of an IPv4 header's first eight bytes: the reserved bit, MF and the fragment offset.
    private static final long ODD_BITS = 0xbfff;
    private static final long DO_NOT_FRAGMENT = 0x4000;
    private static final int TCP_FIN_AND_PSH = 0x0009_0000;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final ChecksumRecord record;
    private final Candidate found;

    PlainTcp(PacketMemory packets, Candidate found) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.record = new ChecksumRecord(packets);
        this.found = found;
    }

    /// True if the packet is a candidate. False leaves packet and metadata as they were.
    boolean read(int packet) {
        long slotAt = PacketMemory.at(packet);
        long extent = PacketMeta.extent(memory, slotAt);
        int packetBytes = PacketMeta.packetBytes(extent);
        boolean isShape = PacketMeta.linkType(memory, slotAt) == LINK_TYPE_ETHERNET
            && packetBytes == PacketMeta.slotBytes(extent)
            && packetBytes >= IPV4_L4 + TcpView.HEADER_BYTES_MIN
            && meta.gsoSize(packet) == 0;
        if (!isShape) return false;
        long frameAt = slotAt + PacketMeta.dataAt(extent);
        return switch (Wire.u16(memory, frameAt + 12)) {
            case EtherType.IPV4 -> ipv4(packet, packetBytes, frameAt);
            case EtherType.IPV6 -> packetBytes >= IPV6_L4 + TcpView.HEADER_BYTES_MIN
                && ipv6(packet, packetBytes, frameAt);
            default -> false;
        };
    }

    private boolean ipv4(int packet, int packetBytes, long frameAt) {
        long first = Wire.i64(memory, frameAt + L3);
        long second = Wire.i64(memory, frameAt + L3 + 8);
        long target = Wire.u32(memory, frameAt + L3 + 16);
        boolean isPlain = first >>> 56 == IPV4_WITHOUT_OPTIONS
            && (first & ODD_BITS) == 0
            && (second >>> 48 & 0xff) == IpProtocol.TCP
            && (first >>> 32 & 0xffff) == packetBytes - L3;
        if (!isPlain || !InternetChecksum.isRight(halves(first) + halves(second) + target)) return false;
        long source = second & 0xffff_ffffL;
        // A right IPv4 header adds nothing to the sum of the frame.
        if (!isTcp(packet, packetBytes, frameAt, IPV4_L4, 0, source + target)) return false;
        found.key(source << 32 | target);
        found.strict((first >>> 48 & 0xff) << 32 | second >>> 56 << 16 | first & DO_NOT_FRAGMENT);
        found.network(L3, (int) (first >>> 16) & 0xffff);
        transport(packetBytes, frameAt, IPV4_L4);
        return true;
    }

    private boolean ipv6(int packet, int packetBytes, long frameAt) {
        long first = Wire.i64(memory, frameAt + L3);
        boolean isPlain = first >>> 60 == 6
            && (first >>> 8 & 0xff) == IpProtocol.TCP
            && (first >>> 16 & 0xffff) == packetBytes - IPV6_L4;
        if (!isPlain) return false;
        long source0 = Wire.i64(memory, frameAt + L3 + 8);
        long source1 = Wire.i64(memory, frameAt + L3 + 16);
        long target0 = Wire.i64(memory, frameAt + L3 + 24);
        long target1 = Wire.i64(memory, frameAt + L3 + 32);
        long addresses = halves(source0) + halves(source1) + halves(target0) + halves(target1);
        if (!isTcp(packet, packetBytes, frameAt, IPV6_L4, halves(first) + addresses, addresses)) return false;
        found.key(first >>> 32 & 0xf_ffff);
        found.key(source0);
        found.key(source1);
        found.key(target0);
        found.key(target1);
        found.strict(first >>> 52 << 8 | first & 0xff);
        found.network(L3, Candidate.NO_ID);
        transport(packetBytes, frameAt, IPV6_L4);
        return true;
    }

    /// Whether a right TCP segment follows at `l4`. If so begins the candidate.
    ///
    /// @param networkSum of the IP header's bytes
    /// @param addressSum of the addresses in it
    private boolean isTcp(int packet, int packetBytes, long frameAt, int l4, long networkSum, long addressSum) {
        int headerBytes = (Wire.u8(memory, frameAt + l4 + 12) >>> 4) * 4;
        if (headerBytes < TcpView.HEADER_BYTES_MIN || l4 + headerBytes > packetBytes) return false;
        long pseudoSum = addressSum + IpProtocol.TCP + packetBytes - l4;
        switch (meta.checksumState(packet)) {
            case ChecksumState.COMPLETE -> {
                if (record.start(packet) != L3) return false;
                long sum = InternetChecksum.without(meta.checksumSum(packet), networkSum);
                if (!InternetChecksum.isRight(sum + pseudoSum)) return false;
            }
            case ChecksumState.NONE -> {
                long sum = InternetChecksum.sum(memory, frameAt + l4, packetBytes - l4);
                if (!InternetChecksum.isRight(sum + pseudoSum)) return false;
                record.unnecessary(packet, 1);
            }
            default -> {
                return false;
            }
        }
        found.begin(packet, packetBytes, packetBytes);
        found.key(meta.mergeKey(packet));
        found.key(Wire.i64(memory, frameAt));
        found.key(Wire.i64(memory, frameAt + 6));
        return true;
    }

    private void transport(int packetBytes, long frameAt, int l4) {
        long first = Wire.i64(memory, frameAt + l4);
        long second = Wire.i64(memory, frameAt + l4 + 8);
        int control = (int) second;
        int headerBytes = (control >>> 28) * 4;
        found.key(first & 0xffff_ffff_0000_0000L | IpProtocol.TCP);
        found.strict(second & 0xffff_ffff_0000_0000L | Integer.toUnsignedLong(control & ~TCP_FIN_AND_PSH));
        int optionAt = TcpView.OPTIONS_AT;
        for (; optionAt <= headerBytes - 8; optionAt += 8) found.strict(Wire.i64(memory, frameAt + l4 + optionAt));
        if (optionAt < headerBytes) found.strict(Wire.u32(memory, frameAt + l4 + optionAt));
        found.tcp(l4, headerBytes, (int) first, control >>> 16 & 0xff);
    }

    private static long halves(long word) {
        return (word >>> 32) + (word & 0xffff_ffffL);
    }
}
