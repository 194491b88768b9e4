package io.millrace.flow.flower.engine;

import io.millrace.checksum.ChecksumField;
import io.millrace.checksum.Crc32c;
import io.millrace.checksum.InternetChecksum;
import io.millrace.checksum.Ipv4Checksum;
import io.millrace.checksum.PacketSum;
import io.millrace.checksum.PseudoHeader;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.flow.flower.ChecksumTarget;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;
import java.util.Set;

/// The action `csum`: computes checksums anew, whatever they were, as Linux's `act_csum` does. Later fragments, ESP and
/// AH keep their bytes; so do super-packets, whose checksums are filled in when they are cut.
final class ChecksumFill {

    private static final int IPV4_BYTES_MIN = 20;
    private static final int IPV6_BYTES = 40;
    private static final int NONE = -1;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final PacketSum sums;
    private final ChecksumRecord record;

    ChecksumFill(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.sums = new PacketSum(packets);
        this.record = new ChecksumRecord(packets);
    }

    /// False if the packet is to be dropped: it holds less than its headers say.
    boolean run(FlowerAction.Csum csum, int packet, int networkAt) {
        if (networkAt < 14 || networkAt > meta.slotBytes(packet)) return true;
        return switch (Wire.u16(memory, meta.frameAt(packet) + networkAt - 2)) {
            case EtherType.IPV4 -> fillIpv4(csum.targets(), packet, networkAt);
            case EtherType.IPV6 -> fillIpv6(csum.targets(), packet, networkAt);
            default -> true;
        };
    }

    private boolean fillIpv4(Set<ChecksumTarget> targets, int packet, int l3) {
        long headerAt = meta.frameAt(packet) + l3;
        if (l3 + IPV4_BYTES_MIN > meta.slotBytes(packet)) return false;
        int headerBytes = (Wire.u8(memory, headerAt) & 0x0f) * 4;
        if (headerBytes < IPV4_BYTES_MIN || l3 + headerBytes > meta.slotBytes(packet)) return false;
        boolean isLaterFragment = (Wire.u16(memory, headerAt + 6) & 0x1fff) != 0;
        int l4Bytes = Wire.u16(memory, headerAt + 2) - headerBytes;
        if (!isLaterFragment) {
            int protocol = Wire.u8(memory, headerAt + 9);
            if (!fillTransport(targets, packet, l3, l3 + headerBytes, l4Bytes, protocol, false)) return false;
        }
        if (targets.contains(ChecksumTarget.IPV4_HEADER)) Ipv4Checksum.fill(memory, headerAt);
        return true;
    }

    private boolean fillIpv6(Set<ChecksumTarget> targets, int packet, int l3) {
        long frameAt = meta.frameAt(packet);
        int limit = meta.slotBytes(packet);
        if (l3 + IPV6_BYTES > limit) return false;
        int next = Wire.u8(memory, frameAt + l3 + 6);
        int end = l3 + IPV6_BYTES + Wire.u16(memory, frameAt + l3 + 4);
        int at = l3 + IPV6_BYTES;
        while (next == IpProtocol.HOP_BY_HOP || next == IpProtocol.ROUTING
            || next == IpProtocol.DESTINATION_OPTIONS) {
            if (at + 8 > limit) return false;
            int headerBytes = (Wire.u8(memory, frameAt + at + 1) + 1) * 8;
            next = Wire.u8(memory, frameAt + at);
            at += headerBytes;
        }
        return fillTransport(targets, packet, l3, at, end - at, next, true);
    }

    private boolean fillTransport(Set<ChecksumTarget> targets, int packet, int l3, int l4, int l4Bytes, int protocol,
                                  boolean isIpv6) {
        ChecksumTarget target = target(protocol, isIpv6);
        if (target == null || !targets.contains(target) || isCutLater(packet, protocol)) return true;
        int headerBytes = headerBytes(protocol);
        boolean isPresent = l4Bytes >= headerBytes && l4 + headerBytes <= meta.slotBytes(packet)
            && l4 + l4Bytes <= meta.packetBytes(packet);
        if (!isPresent) return false;
        long l4At = meta.frameAt(packet) + l4;
        if (protocol == IpProtocol.SCTP) {
            int crc = sums.crc32cAround(packet, l4, l4Bytes, l4 + ChecksumField.offset(protocol));
            Wire.i32(memory, l4At + ChecksumField.offset(protocol), Crc32c.toWire(crc));
            record.none(packet);
            return true;
        }
        int summedBytes = summedBytes(protocol, l4At, l4Bytes);
        if (summedBytes != NONE) fill(packet, l3, l4, l4Bytes, summedBytes, protocol);
        return true;
    }

    private static ChecksumTarget target(int protocol, boolean isIpv6) {
        return switch (protocol) {
            case IpProtocol.TCP -> ChecksumTarget.TCP;
            case IpProtocol.UDP -> ChecksumTarget.UDP;
            case IpProtocol.UDP_LITE -> ChecksumTarget.UDP_LITE;
            case IpProtocol.SCTP -> ChecksumTarget.SCTP;
            case IpProtocol.ICMP -> isIpv6 ? null : ChecksumTarget.ICMP;
            case IpProtocol.IGMP -> isIpv6 ? null : ChecksumTarget.IGMP;
            case IpProtocol.ICMPV6 -> isIpv6 ? ChecksumTarget.ICMP : null;
            default -> null;
        };
    }

    private boolean isCutLater(int packet, int protocol) {
        if (meta.gsoSize(packet) == 0) return false;
        int type = meta.gsoType(packet);
        return switch (protocol) {
            case IpProtocol.TCP -> (type & GsoType.ANY_TCP) != 0;
            case IpProtocol.UDP -> (type & (GsoType.UDP | GsoType.UDP_L4)) != 0;
            case IpProtocol.SCTP -> (type & GsoType.SCTP) != 0;
            default -> false;
        };
    }

    private static int headerBytes(int protocol) {
        return switch (protocol) {
            case IpProtocol.TCP -> 20;
            case IpProtocol.SCTP -> 12;
            default -> 8;
        };
    }

    /// How many bytes the checksum covers, or [#NONE] where the UDP length contradicts the IP header's.
    private int summedBytes(int protocol, long l4At, int l4Bytes) {
        int said = Wire.u16(memory, l4At + 4);
        return switch (protocol) {
            case IpProtocol.UDP -> said == l4Bytes ? l4Bytes : NONE;
            case IpProtocol.UDP_LITE -> said == 0 ? l4Bytes : said >= 8 && said <= l4Bytes ? said : NONE;
            default -> l4Bytes;
        };
    }

    private void fill(int packet, int l3, int l4, int l4Bytes, int summedBytes, int protocol) {
        long frameAt = meta.frameAt(packet);
        int fieldAt = l4 + ChecksumField.offset(protocol);
        long sum = sums.sumAround(packet, l4, summedBytes, fieldAt);
        if (ChecksumField.hasPseudoHeader(protocol)) {
            sum += PseudoHeader.ofHeader(memory, frameAt + l3, protocol, l4Bytes);
        }
        boolean isNeverZero = protocol == IpProtocol.UDP || protocol == IpProtocol.UDP_LITE;
        int checksum = isNeverZero ? InternetChecksum.finishNotZero(sum) : InternetChecksum.finish(sum);
        Wire.u16(memory, frameAt + fieldAt, checksum);
        record.none(packet);
    }
}
