package io.millrace.flow.rules;

import io.millrace.checksum.ChecksumField;
import io.millrace.checksum.Crc32c;
import io.millrace.checksum.IncrementalUpdate;
import io.millrace.checksum.PacketSum;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.checksum.state.TransportRewrite;
import io.millrace.flow.ruleset.PayloadBase;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Reads and writes bits of a packet's headers by base and offset. Writing keeps checksums as right or wrong as they
/// were (RFC 1624), pseudo headers included; a checksum that is itself written is left as written. The CRC32c of SCTP
/// is computed anew.
final class FieldAccess {

    static final int LINK = PayloadBase.LINK.ordinal();
    static final int NETWORK = PayloadBase.NETWORK.ordinal();
    static final int TRANSPORT = PayloadBase.TRANSPORT.ordinal();

    static final int NONE = -1;

    /// The TCP option `maxseg`.
    private static final int SEGMENT_SIZE = 2;

    private static final int UDP_BYTES = 8;
    private static final int TCP_BYTES_AT = 12;
    private static final int IPV4_CHECKSUM_AT = 10;
    private static final int IPV4_ADDRESSES_AT = 12;
    private static final int IPV4_FIXED_BYTES = 20;
    private static final int IPV6_ADDRESSES_AT = 8;
    private static final int IPV6_FIXED_BYTES = 40;
    private static final int ETHERNET_BYTES = 14;

    private final MemorySegment memory;
    private final TransportRewrite transport;
    private final ChecksumRecord record;
    private final PacketSum sums;

    FieldAccess(PacketMemory packets) {
        this.memory = packets.segment();
        this.transport = new TransportRewrite(packets);
        this.record = new ChecksumRecord(packets);
        this.sums = new PacketSum(packets);
    }

    /// Where `byteCount` bytes at this offset begin, from the packet's first byte; [#NONE] if they are not all there.
    int place(RulePacket packet, int base, int byteOffset, int byteCount) {
        int from = begin(packet, base);
        if (from == NONE) return NONE;
        int at = from + byteOffset;
        return at + byteCount <= packet.end() ? at : NONE;
    }

    private int begin(RulePacket packet, int base) {
        if (base == NETWORK) return packet.l3();
        if (base == LINK) return 0;
        if (!packet.hasTransport()) return NONE;
        return base == TRANSPORT ? packet.l4() : inner(packet);
    }

    /// Behind the TCP or UDP header; other protocols have no data that rules can ask for.
    private int inner(RulePacket packet) {
        int l4 = packet.l4();
        if (packet.protocol() == IpProtocol.UDP) return l4 + UDP_BYTES;
        boolean isThere = packet.protocol() == IpProtocol.TCP && l4 + TCP_BYTES_AT < packet.end();
        return isThere ? l4 + (Wire.u8(memory, packet.frameAt() + l4 + TCP_BYTES_AT) >>> 4) * 4 : NONE;
    }

    /// Bytes in network order as a number.
    long read(RulePacket packet, int place, int byteCount) {
        long at = packet.frameAt() + place;
        long value = 0;
        for (int i = 0; i < byteCount; i++) value = value << 8 | Wire.u8(memory, at + i);
        return value;
    }

    /// Replaces `width` bits, which begin `shift` bits from the right of the bytes at `place`.
    void write(RulePacket packet, int base, int place, int byteCount, int shift, int width, int value) {
        int begin = begin(packet, base);
        int evenAt = place - (place - begin & 1);
        int evenBytes = place + byteCount - evenAt;
        long mask = (1L << width) - 1 << shift;
        long group = read(packet, place, byteCount) & ~mask | (long) value << shift & mask;
        long delta = 0;
        for (int i = 0; i < evenBytes; i += 2) delta += IncrementalUpdate.delta16(pair(packet, evenAt + i), 0);
        for (int i = byteCount - 1; i >= 0; i--) {
            Wire.u8(memory, packet.frameAt() + place + i, (int) group & 0xff);
            group >>>= 8;
        }
        for (int i = 0; i < evenBytes; i += 2) delta += pair(packet, evenAt + i);
        int offset = place - begin;
        if (base == NETWORK) {
            networkChanged(packet, offset, delta);
        } else if (base == LINK) {
            if (place + byteCount > ETHERNET_BYTES) forgetSum(packet);
        } else {
            transportChanged(packet, place, delta);
        }
    }

    /// Replaces two or four bytes of a TCP option; the size of a segment is never raised (`nft_exthdr_tcp_set_eval`).
    void writeOption(RulePacket packet, int kind, int place, int byteCount, int value) {
        if (kind == SEGMENT_SIZE && read(packet, place, byteCount) <= Integer.toUnsignedLong(value)) return;
        write(packet, TRANSPORT, place, byteCount, 0, 8 * byteCount, value);
    }

    /// Two bytes that a checksum takes as one number; a packet's last byte counts as the first of two.
    private int pair(RulePacket packet, int place) {
        long at = packet.frameAt() + place;
        return place + 1 < packet.end() ? Wire.u16(memory, at) : Wire.u8(memory, at) << 8;
    }

    /// A sum over the whole packet no longer holds.
    private void forgetSum(RulePacket packet) {
        if (packet.meta().checksumState(packet.packet()) == ChecksumState.COMPLETE) record.none(packet.packet());
    }

    private void networkChanged(RulePacket packet, int offset, long delta) {
        if (packet.family() == 4) {
            long checksumAt = packet.frameAt() + packet.l3() + IPV4_CHECKSUM_AT;
            if (offset == IPV4_CHECKSUM_AT) {
                forgetSum(packet);
                return;
            }
            Wire.u16(memory, checksumAt, IncrementalUpdate.apply(Wire.u16(memory, checksumAt), delta));
            boolean isAddress = offset >= IPV4_ADDRESSES_AT && offset < IPV4_FIXED_BYTES;
            if (isAddress && hasPseudoHeader(packet)) {
                transport.addressIpv4(packet.packet(), checksumPlace(packet), delta, isUdp(packet.protocol()));
            }
            return;
        }
        boolean isAddress = packet.family() == 6 && offset >= IPV6_ADDRESSES_AT && offset < IPV6_FIXED_BYTES;
        if (isAddress && hasPseudoHeader(packet)) {
            transport.addressIpv6(packet.packet(), checksumPlace(packet), delta, isUdp(packet.protocol()));
        } else {
            forgetSum(packet);
        }
    }

    private boolean hasPseudoHeader(RulePacket packet) {
        return packet.hasTransport() && ChecksumField.hasPseudoHeader(packet.protocol())
            && checksumPlace(packet) + 2 <= packet.end();
    }

    private static int checksumPlace(RulePacket packet) {
        return packet.l4() + ChecksumField.offset(packet.protocol());
    }

    private void transportChanged(RulePacket packet, int place, long delta) {
        int offset = ChecksumField.offset(packet.protocol());
        int checksumPlace = packet.l4() + offset;
        if (offset == ChecksumField.NONE || checksumPlace + 2 > packet.end() || place == checksumPlace) {
            forgetSum(packet);
        } else if (packet.protocol() == IpProtocol.SCTP) {
            sctpChanged(packet, checksumPlace);
        } else {
            transport.port(packet.packet(), checksumPlace, delta, isUdp(packet.protocol()));
        }
    }

    private void sctpChanged(RulePacket packet, int checksumPlace) {
        if (packet.meta().checksumState(packet.packet()) == ChecksumState.PARTIAL) return;
        int l4Bytes = packet.l3() + packet.lengthBytes() - packet.l4();
        int crc = sums.crc32cAround(packet.packet(), packet.l4(), l4Bytes, checksumPlace);
        Wire.i32(memory, packet.frameAt() + checksumPlace, Crc32c.toWire(crc));
        record.none(packet.packet());
    }

    private static boolean isUdp(int protocol) {
        return protocol == IpProtocol.UDP || protocol == IpProtocol.UDP_LITE;
    }
}
