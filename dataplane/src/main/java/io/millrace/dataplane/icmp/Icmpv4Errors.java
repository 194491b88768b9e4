package io.millrace.dataplane.icmp;

import io.millrace.checksum.Ipv4Checksum;
import io.millrace.checksum.TransportChecksum;
import io.millrace.dataplane.account.Origin;
import io.millrace.dataplane.icmp.SuppressedErrors.Reason;
import io.millrace.dataplane.iface.OwnAddresses;
import io.millrace.dataplane.options.EchoedOptions;
import io.millrace.packet.header.IcmpType;
import io.millrace.packet.header.IcmpView;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.memory.LinkClass;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketReader;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// Makes ICMP errors about IPv4 packets (RFC 792, RFC 1812 §4.3) and sends them, as Linux's `icmp_send` does.
///
/// ```
///  20 bytes IP, its options | type code checksum rest | as much of the offender, from its IP header, as 576 bytes hold
/// ```
///
/// Every method leaves the offending packet with the caller, who drops it (or, after a redirect, sends it on), and
/// returns true if an error went out. If none did, [SuppressedErrors] has counted why.
///
/// The offender is quoted as it stands: hand it over before its TTL is decremented where the error should show the
/// original TTL. Its metadata says where the IPv4 header lies (`l3`) and how the frame was addressed (`linkClass`); the
/// header is valid and the packet trimmed to its length. `ingress` is the interface it came by.
///
/// Nothing is ever said about an ICMP error, about a later fragment, about a packet to a group, or to a source that is
/// not one host (RFC 1812 §4.3.2.7; Linux would answer sources in 0/8 and 240/4). The caller does not ask about
/// packets to the broadcast address of a network. Belongs to one worker.
public final class Icmpv4Errors {

    /// RFC 1812 §4.3.2.3.
    private static final int PACKET_BYTES_MAX = 576;

    /// Internetwork control (RFC 1812 §4.3.2.5); of the offender's TOS the four bits of RFC 1349 are kept.
    private static final int PRECEDENCE_CONTROL = 0xc0;
    private static final int TOS_KEPT = 0x1e;

    /// ICMP types that are errors or count as such in Linux, as bits; those above 18 all do.
    private static final int ERROR_TYPES = 0x1efe;
    private static final int TYPE_MAX = 18;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Ipv4View ip;
    private final IcmpView icmp;
    private final PacketReader reader;
    private final TransportChecksum checksums;
    private final Answers answers;
    private final OwnAddresses own;
    private final ErrorLimits limits;
    private final Ipv4Ids ids;
    private final SuppressedErrors suppressed;
    private final EchoedOptions options;
    private IcmpSettings settings;

    Icmpv4Errors(PacketMemory packets, Answers answers, OwnAddresses own, ErrorLimits limits, Ipv4Ids ids,
                 SuppressedErrors suppressed, IcmpSettings settings) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.ip = new Ipv4View(packets);
        this.icmp = new IcmpView(packets);
        this.reader = new PacketReader(packets);
        this.checksums = new TransportChecksum(packets);
        this.answers = answers;
        this.own = own;
        this.limits = limits;
        this.ids = ids;
        this.suppressed = suppressed;
        this.options = new EchoedOptions(own);
        this.settings = settings;
    }

    void apply(IcmpSettings newSettings) {
        settings = newSettings;
    }

    /// TTL used up in transit.
    public boolean timeExceeded(int offender, int ingress, long nowNs) {
        return send(offender, IcmpType.TIME_EXCEEDED, IcmpType.TTL_EXCEEDED, 0, ingress, nowNs);
    }

    /// A datagram's pieces did not all arrive in time; the offender is its first piece.
    public boolean reassemblyTimeExceeded(int offender, int ingress, long nowNs) {
        return send(offender, IcmpType.TIME_EXCEEDED, IcmpType.REASSEMBLY_TIME_EXCEEDED, 0, ingress, nowNs);
    }

    /// No route (`NET_UNREACHABLE`), or one of type unreachable (`HOST_UNREACHABLE`) or prohibit (`PROHIBITED`):
    /// limited by the bucket that Linux keeps for route errors, then like any other error.
    public boolean routeError(int offender, int code, int ingress, long nowNs) {
        int source = ip.at(headerAt(offender)).source();
        if (!limits.allowsRouteError4(source, nowNs)) return suppress(Reason.LIMITED_BY_ROUTE_ERRORS);
        return unreachable(offender, code, ingress, nowNs);
    }

    /// Any other destination unreachable: failed neighbour, port, protocol, source route; codes in [IcmpType].
    public boolean unreachable(int offender, int code, int ingress, long nowNs) {
        return send(offender, IcmpType.DESTINATION_UNREACHABLE, code, 0, ingress, nowNs);
    }

    /// Too long for the next link and DF set.
    public boolean fragmentationNeeded(int offender, int mtuBytes, int ingress, long nowNs) {
        int code = IcmpType.FRAGMENTATION_NEEDED;
        return send(offender, IcmpType.DESTINATION_UNREACHABLE, code, mtuBytes, ingress, nowNs);
    }

    /// `pointer` counts from the first byte of the IPv4 header.
    public boolean parameterProblem(int offender, int pointer, int ingress, long nowNs) {
        return send(offender, IcmpType.PARAMETER_PROBLEM, 0, pointer << 24, ingress, nowNs);
    }

    /// Tells the source that `gateway` is a better next hop towards the offender's target: a host redirect, as RFC 1812
    /// §5.2.7.2 asks for. The caller has found that the packet leaves by the interface it came by, and that source and
    /// gateway are on one link.
    public boolean redirect(int offender, int gateway, int ingress, long nowNs) {
        int source = ip.at(headerAt(offender)).source();
        if (!limits.allowsRedirect4(source, nowNs)) return suppress(Reason.LIMITED_BY_REDIRECTS);
        return send(offender, IcmpType.REDIRECT, IcmpType.REDIRECT_HOST, gateway, ingress, nowNs);
    }

    private boolean send(int offender, int type, int code, int rest, int ingress, long nowNs) {
        long headerAt = headerAt(offender);
        ip.at(headerAt);
        Reason refusal = refusal(offender);
        if (refusal != null) return suppress(refusal);
        boolean isLimited = limits.limits4(type, code);
        if (isLimited && !limits.allowsOverall(nowNs)) return suppress(Reason.LIMITED_OVERALL);

        int source = ip.source();
        int target = ip.target();
        boolean isToOwn = own.owns4(target);
        int optionBytes = options.prepare(memory, headerAt, isToOwn ? target : own.source4(source), nowNs);
        if (optionBytes == EchoedOptions.UNUSABLE) return suppress(Reason.OPTIONS_UNUSABLE);
        int firstHop = options.firstHop() != 0 ? options.firstHop() : source;
        int wayBack = own.source4(firstHop);
        if (wayBack == 0) return suppress(Reason.NO_WAY_BACK);
        // A source route is followed only after its options were found sound.
        boolean isInTransit = options.isOnItsWay() && type != IcmpType.PARAMETER_PROBLEM;
        int speaker = isToOwn && !isInTransit ? target : wayBack;
        if (isLimited) {
            if (!limits.allows4(firstHop, nowNs)) return suppress(Reason.LIMITED_BY_TARGET);
            limits.consume();
        }

        int icmpAt = Ipv4View.HEADER_BYTES_MIN + optionBytes;
        int quoteAt = icmpAt + IcmpView.HEADER_BYTES;
        int roomBytes = Math.min(own.mtuBytes4(firstHop), PACKET_BYTES_MAX) - quoteAt;
        if (roomBytes <= Ipv4View.HEADER_BYTES_MIN) return suppress(Reason.OPTIONS_UNUSABLE);
        int quoteBytes = Math.min(meta.packetBytes(offender) - meta.l3(offender), roomBytes);
        int answer = answers.begin(offender, quoteAt + quoteBytes, ingress);
        if (answer == NONE) return suppress(Reason.NO_SLOT);

        int tos = PRECEDENCE_CONTROL | ip.tos() & TOS_KEPT;
        long answerAt = meta.frameAt(answer);
        writeHeader(answerAt, icmpAt, quoteAt + quoteBytes, tos, speaker, firstHop);
        options.write(memory, answerAt, speaker, source, nowNs);
        Ipv4Checksum.fill(memory, answerAt);
        icmp.at(answerAt + icmpAt);
        icmp.type(type);
        icmp.code(code);
        icmp.rest(rest);
        reader.from(offender, meta.l3(offender)).copy(answerAt + quoteAt, quoteBytes);
        checksums.fill(answer, 0, icmpAt, IcmpView.HEADER_BYTES + quoteBytes, IpProtocol.ICMP);
        answers.relate(answer, type == IcmpType.REDIRECT ? Origin.REDIRECT : Origin.ICMP_ERROR, nowNs);
        return true;
    }

    private void writeHeader(long at, int headerBytes, int totalBytes, int tos, int source, int target) {
        ip.at(at);
        ip.headerBytes(headerBytes);
        ip.tos(tos);
        ip.totalBytes(totalBytes);
        ip.identification(ids.next(source, target, IpProtocol.ICMP));
        ip.flagsAndOffset(0);
        ip.ttl(settings.defaultTtl());
        ip.protocol(IpProtocol.ICMP);
        ip.source(source);
        ip.target(target);
    }

    /// Why nothing may be said about the packet that the view stands on; null if something may.
    private Reason refusal(int offender) {
        int target = ip.target();
        if (meta.linkClass(offender) != LinkClass.HOST || target == 0 || target == -1 || target >>> 28 == 0xe) {
            return Reason.TO_GROUP;
        }
        int sourceNet = ip.source() >>> 24;
        if (sourceNet == 0 || sourceNet == 127 || sourceNet >= 224) return Reason.FROM_GROUP;
        if (ip.fragmentOffsetBytes() != 0) return Reason.ABOUT_LATER_FRAGMENT;
        return ip.protocol() == IpProtocol.ICMP && isAboutError(offender) ? Reason.ABOUT_ERROR : null;
    }

    /// True also where the type cannot be seen or is not known.
    private boolean isAboutError(int offender) {
        int icmpAt = meta.l3(offender) + ip.headerBytes();
        if (icmpAt >= meta.slotBytes(offender)) return true;
        int type = Wire.u8(memory, meta.frameAt(offender) + icmpAt);
        return type > TYPE_MAX || (ERROR_TYPES >>> type & 1) != 0;
    }

    private boolean suppress(Reason reason) {
        suppressed.add(reason);
        return false;
    }

    private long headerAt(int packet) {
        return meta.frameAt(packet) + meta.l3(packet);
    }
}
