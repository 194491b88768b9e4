package io.millrace.dataplane.icmp;

import io.millrace.checksum.IncrementalUpdate;
import io.millrace.checksum.Ipv4Checksum;
import io.millrace.checksum.TransportChecksum;
import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.account.Origin;
import io.millrace.dataplane.icmp.SuppressedErrors.Reason;
import io.millrace.dataplane.iface.OwnAddresses;
import io.millrace.dataplane.options.EchoedOptions;
import io.millrace.dataplane.output.Output;
import io.millrace.packet.header.IcmpType;
import io.millrace.packet.header.IcmpView;
import io.millrace.packet.header.Icmpv6Type;
import io.millrace.packet.header.Icmpv6View;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.LinkClass;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Answers echo requests (of any code), and ICMP timestamp requests, in place: the request's slots become the reply,
/// whatever their number. The IP header is written anew in front of the ICMP header, so options shrink to what is
/// echoed and IPv6 extension headers vanish.
///
/// ```
///  request  | link | IP header, options or extensions | ICMP | data ... |
///  reply              | IP header, echoed options    | ICMP | data ... |
/// ```
///
/// The caller has found the ICMP checksum right and the packet trimmed to its length. A packet handed over is gone
/// afterwards: it counts as delivered, and the reply as made here. The reply keeps TOS and ECN, and comes from the
/// address that was asked, or, where that was a group, from the one this host speaks to the asker from.
final class Echo {

    private static final int TIMESTAMP_BYTES = 20;
    private static final int RECEIVED_AT = 12;
    private static final int SENT_AT = 16;
    private static final long MILLISECOND_NS = 1_000_000;
    private static final long DAY_MS = 86_400_000;

    private final PacketPool pool;
    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Ipv4View ipv4;
    private final Ipv6View ipv6;
    private final IcmpView icmp;
    private final Icmpv6View icmpv6;
    private final TransportChecksum checksums;
    private final Ledger ledger;
    private final Output output;
    private final OwnAddresses own;
    private final ErrorLimits limits;
    private final Ipv4Ids ids;
    private final SuppressedErrors suppressed;
    private final EchoedOptions options;
    private final long[] speaker = new long[2];
    private IcmpSettings settings;

    Echo(PacketPool pool, Ledger ledger, Output output, OwnAddresses own, ErrorLimits limits, Ipv4Ids ids,
         SuppressedErrors suppressed, IcmpSettings settings) {
        this.pool = pool;
        this.memory = pool.packets().segment();
        this.meta = new PacketMeta(pool.packets());
        this.ipv4 = new Ipv4View(pool.packets());
        this.ipv6 = new Ipv6View(pool.packets());
        this.icmp = new IcmpView(pool.packets());
        this.icmpv6 = new Icmpv6View(pool.packets());
        this.checksums = new TransportChecksum(pool.packets());
        this.ledger = ledger;
        this.output = output;
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

    /// An echo request whose ICMP header lies at `icmpAt` from the packet's first byte.
    void answer4(int packet, int icmpAt, long nowNs) {
        icmp.at(meta.frameAt(packet) + icmpAt);
        int code = icmp.code();
        if (!turnHeader4(packet, icmpAt, IcmpType.ECHO_REPLY, code, nowNs)) return;
        icmp.type(IcmpType.ECHO_REPLY);
        int checksum = IncrementalUpdate.replace16(icmp.checksum(), IcmpType.ECHO_REQUEST << 8 | code, code);
        icmp.checksum(checksum);
        // 0 and 0xFFFF are equal sums, but all bytes zero ask for 0xFFFF: only the sum over everything can tell.
        if (checksum == 0) fillIcmp(packet, icmpAt);
        send(packet, Origin.ECHO_REPLY, nowNs);
    }

    /// A timestamp request (RFC 792): received and sent at once, in milliseconds since midnight UT.
    void stamp4(int packet, int icmpAt, long nowNs) {
        if (meta.slotBytes(packet) < icmpAt + TIMESTAMP_BYTES) {
            ledger.drop(packet, Verdict.ICMP_MALFORMED);
            return;
        }
        pool.trim(packet, icmpAt + TIMESTAMP_BYTES);
        if (!turnHeader4(packet, icmpAt, IcmpType.TIMESTAMP_REPLY, 0, nowNs)) return;
        long at = meta.frameAt(packet) + icmpAt;
        icmp.at(at);
        icmp.type(IcmpType.TIMESTAMP_REPLY);
        icmp.code(0);
        int timeOfDayMs = (int) (nowNs / MILLISECOND_NS % DAY_MS);
        Wire.i32(memory, at + RECEIVED_AT, timeOfDayMs);
        Wire.i32(memory, at + SENT_AT, timeOfDayMs);
        fillIcmp(packet, icmpAt);
        send(packet, Origin.TIMESTAMP_REPLY, nowNs);
    }

    /// Replaces the IPv4 header by the reply's. False if there is to be no reply; the packet is then gone.
    private boolean turnHeader4(int packet, int icmpAt, int type, int code, long nowNs) {
        long headerAt = meta.frameAt(packet) + meta.l3(packet);
        ipv4.at(headerAt);
        int asker = ipv4.source();
        int asked = own.owns4(ipv4.target()) ? ipv4.target() : own.source4(asker);
        int tos = ipv4.tos();
        int optionBytes = options.prepare(memory, headerAt, asked, nowNs);
        if (optionBytes == EchoedOptions.UNUSABLE) return ignore(packet, Reason.OPTIONS_UNUSABLE);
        int firstHop = options.firstHop() != 0 ? options.firstHop() : asker;
        if (limits.limits4(type, code)) {
            if (!limits.allowsOverall(nowNs)) return ignore(packet, Reason.LIMITED_OVERALL);
            if (!limits.allows4(firstHop, nowNs)) return ignore(packet, Reason.LIMITED_BY_TARGET);
            limits.consume();
        }
        int headerBytes = Ipv4View.HEADER_BYTES_MIN + optionBytes;
        int l3 = icmpAt - headerBytes;
        long replyAt = meta.frameAt(packet) + l3;
        ipv4.at(replyAt);
        ipv4.headerBytes(headerBytes);
        ipv4.tos(tos);
        ipv4.totalBytes(meta.packetBytes(packet) - l3);
        ipv4.identification(ids.next(asked, firstHop, IpProtocol.ICMP));
        ipv4.flagsAndOffset(0);
        ipv4.ttl(settings.defaultTtl());
        ipv4.protocol(IpProtocol.ICMP);
        ipv4.source(asked);
        ipv4.target(firstHop);
        options.write(memory, replyAt, asked, asker, nowNs);
        Ipv4Checksum.fill(memory, replyAt);
        meta.l3(packet, l3);
        return true;
    }

    private void fillIcmp(int packet, int icmpAt) {
        checksums.fill(packet, meta.l3(packet), icmpAt, meta.packetBytes(packet) - icmpAt, IpProtocol.ICMP);
    }

    /// An echo request whose ICMPv6 header lies at `icmpAt` from the packet's first byte.
    void answer6(int packet, int icmpAt, int ingress, long nowNs) {
        ipv6.at(meta.frameAt(packet) + meta.l3(packet));
        long askerHigh = ipv6.sourceHigh();
        long askerLow = ipv6.sourceLow();
        speaker[0] = ipv6.targetHigh();
        speaker[1] = ipv6.targetLow();
        boolean isToGroup = speaker[0] >>> 56 == 0xff;
        int trafficClass = ipv6.trafficClass();
        if (isToGroup && !own.source6(askerHigh, askerLow, ingress, speaker)) {
            ignore(packet, Reason.NO_WAY_BACK);
            return;
        }
        int icmpBytes = meta.packetBytes(packet) - icmpAt;
        int l3 = icmpAt - Ipv6View.HEADER_BYTES;
        ipv6.at(meta.frameAt(packet) + l3);
        ipv6.classAndLabel(trafficClass, 0);
        ipv6.payloadBytes(icmpBytes);
        ipv6.nextHeader(IpProtocol.ICMPV6);
        ipv6.hopLimit(settings.hopLimit());
        ipv6.sourceHigh(speaker[0]);
        ipv6.sourceLow(speaker[1]);
        ipv6.targetHigh(askerHigh);
        ipv6.targetLow(askerLow);
        meta.l3(packet, l3);
        icmpv6.at(meta.frameAt(packet) + icmpAt);
        int from = Icmpv6Type.ECHO_REQUEST << 8;
        int to = Icmpv6Type.ECHO_REPLY << 8;
        icmpv6.type(Icmpv6Type.ECHO_REPLY);
        if (isToGroup) {
            checksums.fill(packet, l3, icmpAt, icmpBytes, IpProtocol.ICMPV6);
        } else {
            // Swapped addresses sum the same, so only the type has changed.
            icmpv6.checksum(IncrementalUpdate.replace16(icmpv6.checksum(), from, to));
        }
        send(packet, Origin.ECHO_REPLY, nowNs);
    }

    private boolean ignore(int packet, Reason reason) {
        suppressed.add(reason);
        ledger.drop(packet, Verdict.ECHO_IGNORED);
        return false;
    }

    private void send(int packet, Origin origin, long nowNs) {
        meta.checksumState(packet, ChecksumState.NONE);
        meta.linkClass(packet, LinkClass.HOST);
        meta.mark(packet, 0);
        ledger.answered(Verdict.ECHO_ANSWERED, origin);
        output.route(packet, nowNs);
    }
}
