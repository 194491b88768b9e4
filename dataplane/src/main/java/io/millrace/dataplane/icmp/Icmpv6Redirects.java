package io.millrace.dataplane.icmp;

import io.millrace.checksum.TransportChecksum;
import io.millrace.dataplane.account.Origin;
import io.millrace.dataplane.icmp.SuppressedErrors.Reason;
import io.millrace.dataplane.iface.OwnAddresses;
import io.millrace.packet.header.Icmpv6Type;
import io.millrace.packet.header.Icmpv6View;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.header.NdView;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketReader;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// ICMPv6 redirects (RFC 4861 §4.5), as Linux's `ndisc_send_redirect` makes them.
///
/// ```
///  40 bytes IPv6, from our link-local address, hop limit 255
///  8 bytes ICMPv6 | gateway, 16 bytes | offender's target, 16 bytes
///  [ gateway's MAC address, 8 bytes ] | 8 bytes, then the offender, a multiple of 8 bytes in all, up to 1,280 together
/// ```
final class Icmpv6Redirects {

    private static final int PACKET_BYTES_MAX = 1280;
    private static final int HOP_LIMIT = 255;
    private static final long LINK_LOCAL_PREFIX = 0xfe80L << 48;

    private static final int OPTION_TARGET_MAC = 2;
    private static final int OPTION_REDIRECTED = 4;
    private static final int OPTION_HEADER_BYTES = 8;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Ipv6View ip;
    private final Icmpv6View icmp;
    private final NdView discovery;
    private final PacketReader reader;
    private final TransportChecksum checksums;
    private final Answers answers;
    private final OwnAddresses own;
    private final ErrorLimits limits;
    private final SuppressedErrors suppressed;
    private final long[] speaker = new long[2];

    Icmpv6Redirects(PacketMemory packets, Answers answers, OwnAddresses own, ErrorLimits limits,
                    SuppressedErrors suppressed) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.ip = new Ipv6View(packets);
        this.icmp = new Icmpv6View(packets);
        this.discovery = new NdView(packets);
        this.reader = new PacketReader(packets);
        this.checksums = new TransportChecksum(packets);
        this.answers = answers;
        this.own = own;
        this.limits = limits;
        this.suppressed = suppressed;
    }

    boolean send(int offender, long gatewayHigh, long gatewayLow, long gatewayMac, int ingress, long nowNs) {
        ip.at(meta.frameAt(offender) + meta.l3(offender));
        long sourceHigh = ip.sourceHigh();
        long sourceLow = ip.sourceLow();
        long wantedHigh = ip.targetHigh();
        long wantedLow = ip.targetLow();
        Reason refusal = refusal(gatewayHigh, gatewayLow, ingress, nowNs);
        if (refusal != null) {
            suppressed.add(refusal);
            return false;
        }
        int macBytes = gatewayMac != 0 ? OPTION_HEADER_BYTES : 0;
        int headBytes = Ipv6View.HEADER_BYTES + NdView.REDIRECT_BYTES + macBytes;
        int offenderBytes = meta.packetBytes(offender) - meta.l3(offender);
        int quotedBytes = Math.min(PACKET_BYTES_MAX - headBytes, offenderBytes + OPTION_HEADER_BYTES) & ~7;
        int answer = answers.begin(offender, headBytes + quotedBytes, ingress);
        if (answer == NONE) {
            suppressed.add(Reason.NO_SLOT);
            return false;
        }
        long answerAt = meta.frameAt(answer);
        int icmpBytes = headBytes + quotedBytes - Ipv6View.HEADER_BYTES;
        writeHeader(answerAt, icmpBytes, sourceHigh, sourceLow);
        icmp.at(answerAt + Ipv6View.HEADER_BYTES);
        icmp.type(Icmpv6Type.REDIRECT);
        icmp.code(0);
        icmp.rest(0);
        discovery.at(answerAt + Ipv6View.HEADER_BYTES);
        discovery.targetHigh(gatewayHigh);
        discovery.targetLow(gatewayLow);
        discovery.destination(wantedHigh, wantedLow);
        if (macBytes > 0) writeMac(answerAt + headBytes - macBytes, gatewayMac);
        Wire.i64(memory, answerAt + headBytes, (long) OPTION_REDIRECTED << 56 | (long) (quotedBytes / 8) << 48);
        reader.from(offender, meta.l3(offender))
            .copy(answerAt + headBytes + OPTION_HEADER_BYTES, quotedBytes - OPTION_HEADER_BYTES);
        checksums.fill(answer, 0, Ipv6View.HEADER_BYTES, icmpBytes, IpProtocol.ICMPV6);
        answers.send(answer, Origin.REDIRECT, nowNs);
        return true;
    }

    /// Why the packet that the view stands on causes no redirect; null if it may.
    private Reason refusal(long gatewayHigh, long gatewayLow, int ingress, long nowNs) {
        // Twice limited, as in Linux: by the target here, by the source below.
        if (!limits.allowsRedirect6(ip.targetHigh(), ip.targetLow(), nowNs)) return Reason.LIMITED_BY_REDIRECTS;
        if (ip.sourceHigh() >>> 56 == 0xff || ip.sourceHigh() == 0 && ip.sourceLow() == 0) return Reason.FROM_GROUP;
        boolean isNeighbour = gatewayHigh == ip.targetHigh() && gatewayLow == ip.targetLow();
        boolean isLinkLocal = gatewayHigh >>> 54 == LINK_LOCAL_PREFIX >>> 54;
        if (!isNeighbour && !isLinkLocal) return Reason.GATEWAY_NOT_LINK_LOCAL;
        if (!own.source6(LINK_LOCAL_PREFIX, 0, ingress, speaker)) return Reason.NO_WAY_BACK;
        if (!limits.allowsRedirect6(ip.sourceHigh(), ip.sourceLow(), nowNs)) return Reason.LIMITED_BY_REDIRECTS;
        return null;
    }

    private void writeHeader(long at, int payloadBytes, long targetHigh, long targetLow) {
        ip.at(at);
        ip.classAndLabel(0, 0);
        ip.payloadBytes(payloadBytes);
        ip.nextHeader(IpProtocol.ICMPV6);
        ip.hopLimit(HOP_LIMIT);
        ip.sourceHigh(speaker[0]);
        ip.sourceLow(speaker[1]);
        ip.targetHigh(targetHigh);
        ip.targetLow(targetLow);
    }

    private void writeMac(long at, long mac) {
        Wire.u8(memory, at, OPTION_TARGET_MAC);
        Wire.u8(memory, at + 1, 1);
        Wire.u48(memory, at + 2, mac);
    }
}
