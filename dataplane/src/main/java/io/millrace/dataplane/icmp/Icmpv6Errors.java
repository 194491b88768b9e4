package io.millrace.dataplane.icmp;

import io.millrace.checksum.TransportChecksum;
import io.millrace.dataplane.account.Origin;
import io.millrace.dataplane.icmp.SuppressedErrors.Reason;
import io.millrace.dataplane.iface.OwnAddresses;
import io.millrace.packet.header.Icmpv6Type;
import io.millrace.packet.header.Icmpv6View;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.memory.LinkClass;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketReader;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// Makes ICMPv6 errors about IPv6 packets (RFC 4443) and sends them, as Linux's `icmp6_send` does. The contract is that
/// of [Icmpv4Errors].
///
/// ```
///  40 bytes IPv6 | type code checksum rest | as much of the offender as 1,280 bytes hold
/// ```
///
/// Nothing is ever said about an ICMPv6 error or redirect, to a source that is unspecified or a group, or about a
/// packet to a group, except that it is too big or that an option in it asks for an answer. Unlike IPv4, later
/// fragments are answered. The flow label is 0. Belongs to one worker.
public final class Icmpv6Errors {

    /// RFC 4443 §2.4 (c): the least MTU of IPv6.
    private static final int PACKET_BYTES_MAX = 1280;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Ipv6View ip;
    private final Icmpv6View icmp;
    private final PacketReader reader;
    private final TransportChecksum checksums;
    private final Ipv6HeaderWalk walk;
    private final Answers answers;
    private final OwnAddresses own;
    private final ErrorLimits limits;
    private final SuppressedErrors suppressed;
    private final Icmpv6Redirects redirects;
    private final long[] speaker = new long[2];
    private IcmpSettings settings;

    Icmpv6Errors(PacketMemory packets, Answers answers, OwnAddresses own, ErrorLimits limits,
                 SuppressedErrors suppressed, IcmpSettings settings) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.ip = new Ipv6View(packets);
        this.icmp = new Icmpv6View(packets);
        this.reader = new PacketReader(packets);
        this.checksums = new TransportChecksum(packets);
        this.walk = new Ipv6HeaderWalk(packets);
        this.answers = answers;
        this.own = own;
        this.limits = limits;
        this.suppressed = suppressed;
        this.redirects = new Icmpv6Redirects(packets, answers, own, limits, suppressed);
        this.settings = settings;
    }

    void apply(IcmpSettings newSettings) {
        settings = newSettings;
    }

    /// Hop limit used up in transit.
    public boolean timeExceeded(int offender, int ingress, long nowNs) {
        return send(offender, Icmpv6Type.TIME_EXCEEDED, Icmpv6Type.HOP_LIMIT_EXCEEDED, 0, ingress, nowNs);
    }

    /// A datagram's pieces did not all arrive in time; the offender is its first piece.
    public boolean reassemblyTimeExceeded(int offender, int ingress, long nowNs) {
        return send(offender, Icmpv6Type.TIME_EXCEEDED, Icmpv6Type.REASSEMBLY_TIME_EXCEEDED, 0, ingress, nowNs);
    }

    /// Destination unreachable; the codes are constants of [Icmpv6Type].
    public boolean unreachable(int offender, int code, int ingress, long nowNs) {
        return send(offender, Icmpv6Type.DESTINATION_UNREACHABLE, code, 0, ingress, nowNs);
    }

    /// Too long for the next link.
    public boolean packetTooBig(int offender, int mtuBytes, int ingress, long nowNs) {
        return send(offender, Icmpv6Type.PACKET_TOO_BIG, 0, mtuBytes, ingress, nowNs);
    }

    /// `pointer` counts from the first byte of the IPv6 header.
    public boolean parameterProblem(int offender, int code, int pointer, int ingress, long nowNs) {
        return send(offender, Icmpv6Type.PARAMETER_PROBLEM, code, pointer, ingress, nowNs);
    }

    /// Tells the source that `gateway` is a better next hop towards the offender's target (RFC 4861 §8.2), or that the
    /// target is a neighbour, where the gateway is the target itself. `gatewayMac` is 0 while unknown. The caller has
    /// found that the packet leaves by the interface it came by, and that the source is a neighbour there.
    public boolean redirect(int offender, long gatewayHigh, long gatewayLow, long gatewayMac, int ingress, long nowNs) {
        return redirects.send(offender, gatewayHigh, gatewayLow, gatewayMac, ingress, nowNs);
    }

    private boolean send(int offender, int type, int code, int rest, int ingress, long nowNs) {
        ip.at(headerAt(offender));
        Reason refusal = refusal(offender, type, code, rest);
        if (refusal != null) return suppress(refusal);
        boolean isLimited = limits.limits6(type);
        if (isLimited && !limits.allowsOverall(nowNs)) return suppress(Reason.LIMITED_OVERALL);
        long targetHigh = ip.sourceHigh();
        long targetLow = ip.sourceLow();
        if (!own.source6(targetHigh, targetLow, ingress, speaker)) return suppress(Reason.NO_WAY_BACK);
        if (own.owns6(ip.targetHigh(), ip.targetLow(), ingress)) {
            speaker[0] = ip.targetHigh();
            speaker[1] = ip.targetLow();
        }
        if (isLimited) {
            if (!limits.allows6(targetHigh, targetLow, nowNs)) return suppress(Reason.LIMITED_BY_TARGET);
            limits.consume();
        }
        int headBytes = Ipv6View.HEADER_BYTES + Icmpv6View.HEADER_BYTES;
        int quoteBytes = Math.min(meta.packetBytes(offender) - meta.l3(offender), PACKET_BYTES_MAX - headBytes);
        int answer = answers.begin(offender, headBytes + quoteBytes, ingress);
        if (answer == NONE) return suppress(Reason.NO_SLOT);
        long answerAt = meta.frameAt(answer);
        ip.at(answerAt);
        ip.classAndLabel(0, 0);
        ip.payloadBytes(Icmpv6View.HEADER_BYTES + quoteBytes);
        ip.nextHeader(IpProtocol.ICMPV6);
        ip.hopLimit(settings.hopLimit());
        ip.sourceHigh(speaker[0]);
        ip.sourceLow(speaker[1]);
        ip.targetHigh(targetHigh);
        ip.targetLow(targetLow);
        icmp.at(answerAt + Ipv6View.HEADER_BYTES);
        icmp.type(type);
        icmp.code(code);
        icmp.rest(rest);
        reader.from(offender, meta.l3(offender)).copy(answerAt + headBytes, quoteBytes);
        checksums.fill(answer, 0, Ipv6View.HEADER_BYTES, Icmpv6View.HEADER_BYTES + quoteBytes, IpProtocol.ICMPV6);
        answers.relate(answer, Origin.ICMP_ERROR, nowNs);
        return true;
    }

    /// Why nothing may be said about the packet that the view stands on; null if something may.
    private Reason refusal(int offender, int type, int code, int pointer) {
        boolean isToGroup = ip.targetHigh() >>> 56 == 0xff || meta.linkClass(offender) != LinkClass.HOST;
        if (isToGroup && type != Icmpv6Type.PACKET_TOO_BIG) {
            boolean isOption = type == Icmpv6Type.PARAMETER_PROBLEM && code == Icmpv6Type.UNKNOWN_OPTION;
            if (!isOption || !asksForAnswer(offender, pointer)) return Reason.TO_GROUP;
        }
        if (ip.sourceHigh() >>> 56 == 0xff || ip.sourceHigh() == 0 && ip.sourceLow() == 0) return Reason.FROM_GROUP;
        return isAboutError(offender) ? Reason.ABOUT_ERROR : null;
    }

    /// True if the option at `pointer` is of a type whose highest bits are 10: discard and answer, even from a group.
    private boolean asksForAnswer(int offender, int pointer) {
        return (Wire.u8(memory, headerAt(offender) + pointer) & 0xc0) == 0x80;
    }

    private boolean isAboutError(int offender) {
        if (!walk.findTransport(offender) || walk.protocol() != IpProtocol.ICMPV6) return false;
        if (walk.at() >= meta.slotBytes(offender)) return !walk.isFragment();
        int type = Wire.u8(memory, meta.frameAt(offender) + walk.at());
        return type < Icmpv6Type.ECHO_REQUEST || type == Icmpv6Type.REDIRECT;
    }

    private boolean suppress(Reason reason) {
        suppressed.add(reason);
        return false;
    }

    private long headerAt(int packet) {
        return meta.frameAt(packet) + meta.l3(packet);
    }
}
