package io.millrace.perf.bench;

import io.millrace.packet.jit.Specialised;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.memory.Wire;
import io.millrace.packet.parse.ParseOutcome;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.ParseResult;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;

/// A parser as people write them: Ethernet, up to two tags, IPv4, IPv6 with its extension headers, TCP, UDP, ICMP. It
/// makes the same record 0 of them as the default graph; what that graph would follow further, it leaves unknown.
///
/// Each header's method ends in the next one's, so that what is known of the packet stays in registers; addresses are
/// stored where they are read.
///
/// What the generated parser is measured against, and used by nothing else. Like that one it has its memory as a
/// constant: a template, of which [WalkedBy] makes copies.
final class HandWrittenWalk implements WalkedBy {

    private static final int OKAY = ParseResult.OKAY.ordinal();
    private static final int UNKNOWN_PROTO = ParseResult.UNKNOWN_PROTO.ordinal();
    private static final int SHORT = ParseResult.SHORT.ordinal();
    private static final int BAD_LENGTH = ParseResult.BAD_LENGTH.ordinal();
    private static final int BAD_FIELD = ParseResult.BAD_FIELD.ordinal();
    private static final int MAX_HEADER_BYTES = ParseResult.MAX_HEADER_BYTES.ordinal();
    /// `max-header-bytes` of the default graph; only extension headers can reach it here.
    private static final int HEADER_BYTES_MAX = 512;
    private static final int V4 = 4;
    private static final int V6 = 6;

    private static final Memory CONSTANTS = Specialised.constants(MethodHandles.lookup(), Memory.class);
    private static final MemorySegment PACKETS = CONSTANTS.packets();
    private static final long[] WORDS = CONSTANTS.words();

    HandWrittenWalk() {}

    @Override
    public void parse(Burst burst) {
        for (int i = 0; i < burst.count(); i++) {
            parse(burst.packet(i), i);
        }
    }

    @Override
    public int parse(int packet, int index) {
        long slotAt = PacketMemory.at(packet);
        int record = ParseRecords.recordAt(index, 0);
        long extent = PacketMeta.extent(PACKETS, slotAt);
        long frame = slotAt + (extent & 0xffff);
        int end = (int) (extent >>> 32);
        int present = Math.min((int) extent >>> 16, end);
        long vlans = 0;
        int at = 14;
        if (present < at) return withoutAddresses(slotAt, record, SHORT, vlans, end);
        int type = Wire.u16(PACKETS, frame + 12);
        if (isTag(type)) {
            if (present < at + 4) return withoutAddresses(slotAt, record, SHORT, vlans, end);
            vlans = (long) type << 16 | Wire.u16(PACKETS, frame + at);
            type = Wire.u16(PACKETS, frame + at + 2);
            at += 4;
            if (isTag(type)) {
                if (present < at + 4) return withoutAddresses(slotAt, record, SHORT, vlans, end);
                vlans |= ((long) type << 16 | Wire.u16(PACKETS, frame + at)) << 32;
                type = Wire.u16(PACKETS, frame + at + 2);
                at += 4;
            }
        }
        if (type == 0x0800) return ipv4(slotAt, record, frame, at, present, end, vlans);
        if (type == 0x86dd) return ipv6(slotAt, record, frame, at, present, end, vlans);
        return withoutAddresses(slotAt, record, UNKNOWN_PROTO, vlans, end);
    }

    private static boolean isTag(int type) {
        return type == 0x8100 || type == 0x88a8 || type == 0x9100;
    }

    private static int ipv4(long slotAt, int record, long frame, int at, int present, int end, long vlans) {
        if (present < at + 20) return withoutAddresses(slotAt, record, SHORT, vlans, end);
        long header = frame + at;
        int versionIhl = Wire.u8(PACKETS, header);
        int headerBytes = (versionIhl & 0x0f) * 4;
        if (headerBytes < 20) return withoutAddresses(slotAt, record, BAD_LENGTH, vlans, end);
        int l4 = at + headerBytes;
        if (present < l4) return withoutAddresses(slotAt, record, SHORT, vlans, end);
        if (versionIhl >>> 4 != 4) return withoutAddresses(slotAt, record, BAD_FIELD, vlans, end);
        int flags = headerBytes > 20 ? ParseFlags.IPV4_OPTIONS : 0;
        int totalBytes = Wire.u16(PACKETS, header + 2);
        if (totalBytes != 0) {
            if (totalBytes < headerBytes) return withoutAddresses(slotAt, record, BAD_LENGTH, vlans, end);
            if (at + totalBytes > end) {
                flags |= ParseFlags.CUT;
            } else {
                end = at + totalBytes;
                present = Math.min(present, end);
            }
        }
        WORDS[record] = 0;
        WORDS[record + 1] = Wire.u32(PACKETS, header + 12);
        WORDS[record + 2] = 0;
        WORDS[record + 3] = Wire.u32(PACKETS, header + 16);
        int proto = Wire.u8(PACKETS, header + 9);
        int fragment = Wire.u16(PACKETS, header + 6) & 0x3fff;
        if (fragment != 0) {
            boolean isFirst = fragment == 0x2000;
            flags |= isFirst ? ParseFlags.FRAGMENT | ParseFlags.FIRST_FRAGMENT : 0;
            if ((fragment & 0x1fff) != 0) {
                flags |= ParseFlags.FRAGMENT;
                return finish(slotAt, record, OKAY, vlans, at, l4, 0, end, 0, proto, V4, flags, 0, 0);
            }
        }
        return transport(slotAt, record, frame, at, l4, present, end, vlans, proto, V4, flags);
    }

    private static int ipv6(long slotAt, int record, long frame, int at, int present, int end, long vlans) {
        int l4 = at + 40;
        if (present < l4) return withoutAddresses(slotAt, record, SHORT, vlans, end);
        long header = frame + at;
        if (Wire.u8(PACKETS, header) >>> 4 != 6) return withoutAddresses(slotAt, record, BAD_FIELD, vlans, end);
        int flags = 0;
        int payloadBytes = Wire.u16(PACKETS, header + 4);
        if (payloadBytes != 0) {
            if (l4 + payloadBytes > end) {
                flags = ParseFlags.CUT;
            } else {
                end = l4 + payloadBytes;
                present = Math.min(present, end);
            }
        }
        WORDS[record] = Wire.i64(PACKETS, header + 8);
        WORDS[record + 1] = Wire.i64(PACKETS, header + 16);
        WORDS[record + 2] = Wire.i64(PACKETS, header + 24);
        WORDS[record + 3] = Wire.i64(PACKETS, header + 32);
        int proto = Wire.u8(PACKETS, header + 6);
        if (proto == 6 || proto == 17) {
            return transport(slotAt, record, frame, at, l4, present, end, vlans, proto, V6, flags);
        }
        return extensions(slotAt, record, frame, at, l4, present, end, vlans, proto, flags);
    }

    private static int extensions(long slotAt, int record, long frame, int l3, int l4, int present, int end, long vlans,
                           int proto, int flags) {
        while (proto == 0 || proto == 43 || proto == 44 || proto == 60) {
            long header = frame + l4;
            if (present < l4 + 8) return finish(slotAt, record, SHORT, vlans, l3, l4, 0, end, 0, proto, V6, flags, 0, 0);
            int headerBytes = proto == 44 ? 8 : Wire.u8(PACKETS, header + 1) * 8 + 8;
            if (l4 + headerBytes > HEADER_BYTES_MAX || present < l4 + headerBytes) {
                int result = l4 + headerBytes > HEADER_BYTES_MAX ? MAX_HEADER_BYTES : SHORT;
                return finish(slotAt, record, result, vlans, l3, l4, 0, end, 0, proto, V6, flags, 0, 0);
            }
            flags |= ParseFlags.IPV6_EXTENSIONS;
            int fragment = proto == 44 ? Wire.u16(PACKETS, header + 2) : 0;
            if (proto == 43 && Wire.u8(PACKETS, header + 3) != 0) flags |= ParseFlags.ROUTING_SEGMENTS_LEFT;
            proto = Wire.u8(PACKETS, header);
            l4 += headerBytes;
            if ((fragment & 0xfff9) == 1) flags |= ParseFlags.FRAGMENT | ParseFlags.FIRST_FRAGMENT;
            if ((fragment & 0xfff8) != 0) {
                flags |= ParseFlags.FRAGMENT;
                return finish(slotAt, record, OKAY, vlans, l3, l4, 0, end, 0, proto, V6, flags, 0, 0);
            }
        }
        return transport(slotAt, record, frame, l3, l4, present, end, vlans, proto, V6, flags);
    }

    private static int transport(long slotAt, int record, long frame, int l3, int l4, int present, int end, long vlans,
                          int proto, int family, int flags) {
        long header = frame + l4;
        int fixedBytes = proto == 6 ? 20 : proto == 17 ? 8 : 0;
        if (fixedBytes == 0) {
            return other(slotAt, record, frame, l3, l4, present, end, vlans, proto, family, flags);
        }
        if (present < l4 + fixedBytes) {
            return finish(slotAt, record, SHORT, vlans, l3, l4, 0, end, 0, proto, family, flags, 0, 0);
        }
        if (proto == 6) {
            int headerBytes = Wire.u8(PACKETS, header + 12) >>> 4 << 2;
            int result = headerBytes < 20 ? BAD_LENGTH : present < l4 + headerBytes ? SHORT : OKAY;
            if (result != OKAY) return finish(slotAt, record, result, vlans, l3, l4, 0, end, 0, proto, family, flags, 0, 0);
            int tcpFlags = Wire.u8(PACKETS, header + 13);
            if ((tcpFlags & 0x07) != 0) flags |= ParseFlags.TCP_FIN_SYN_RST;
            return finish(slotAt, record, OKAY, vlans, l3, l4, l4 + headerBytes, end, ports(header), proto, family,
                flags, tcpFlags, 16);
        }
        int datagramBytes = Wire.u16(PACKETS, header + 4);
        if (datagramBytes != 0) {
            if (datagramBytes < 8) {
                return finish(slotAt, record, BAD_LENGTH, vlans, l3, l4, 0, end, 0, proto, family, flags, 0, 0);
            }
            if (l4 + datagramBytes > end) {
                flags |= ParseFlags.CUT;
            } else {
                end = l4 + datagramBytes;
            }
        }
        int ports = ports(header);
        int result = isTunnel(ports >>> 16) ? UNKNOWN_PROTO : OKAY;
        return finish(slotAt, record, result, vlans, l3, l4, l4 + 8, end, ports, proto, family, flags, 0, 6);
    }

    private static boolean isTunnel(int targetPort) {
        return targetPort == 2152 || targetPort == 4789 || targetPort == 4790 || targetPort == 6081;
    }

    /// ICMP of the family, or a protocol that it does not know.
    private static int other(long slotAt, int record, long frame, int l3, int l4, int present, int end, long vlans, int proto,
                      int family, int flags) {
        if (proto != (family == V4 ? 1 : 58)) {
            return finish(slotAt, record, UNKNOWN_PROTO, vlans, l3, l4, 0, end, 0, proto, family, flags, 0, 0);
        }
        int type = present > l4 ? Wire.u8(PACKETS, frame + l4) : -1;
        boolean isEcho = family == V4 ? type == 0 || type == 8 : type == 128 || type == 129;
        int payload = l4 + (isEcho || family == V4 ? 8 : 4);
        if (present < payload) {
            return finish(slotAt, record, SHORT, vlans, l3, l4, 0, end, 0, proto, family, flags, 0, 0);
        }
        int ports = isEcho ? Wire.u16(PACKETS, frame + l4 + 4) * 0x10001 : 0;
        return finish(slotAt, record, OKAY, vlans, l3, l4, payload, end, ports, proto, family, flags, 0, 2);
    }

    private static int ports(long header) {
        return Wire.u16(PACKETS, header) | Wire.u16(PACKETS, header + 2) << 16;
    }

    private static int withoutAddresses(long slotAt, int record, int result, long vlans, int end) {
        WORDS[record] = 0;
        WORDS[record + 1] = 0;
        WORDS[record + 2] = 0;
        WORDS[record + 3] = 0;
        return finish(slotAt, record, result, vlans, 0, 0, 0, end, 0, 0, 0, 0, 0, 0);
    }

    private static int finish(long slotAt, int record, int result, long vlans, int l3, int l4, int payload, int end, int ports,
                       int proto, int family, int flags, int tcpFlags, int checksumOffset) {
        if (result > UNKNOWN_PROTO) flags |= ParseFlags.NOT_UNDERSTOOD;
        int outcome = ParseOutcome.of(result, 1, flags);
        long checksumStart = checksumOffset == 0 ? 0 : l4;
        long offsets = l3 | (long) l4 << 16 | (long) payload << 32 | (long) Math.min(end, 0xffff) << 48;
        WORDS[record + ParseRecords.PORTS_WORD] = (ports & 0xffff_ffffL) | (long) proto << 32 | (long) family << 40;
        WORDS[record + ParseRecords.VLANS_WORD] = vlans;
        WORDS[record + ParseRecords.OFFSETS_WORD] = offsets;
        WORDS[record + ParseRecords.FLAGS_WORD] =
            flags | (long) tcpFlags << 16 | (long) checksumOffset << 24 | checksumStart << 32;
        WORDS[record + ParseRecords.LAST_WORD] = (long) outcome << 32;
        PacketMeta.parsed(PACKETS, slotAt, offsets, proto | (long) family << 8 | (long) flags << 16
            | (long) tcpFlags << 32 | (long) (outcome & 0xffff) << 40, vlans);
        return outcome;
    }
}
