package io.millrace.dataplane.icmp;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.options.Ipv6Options;
import io.millrace.packet.header.Icmpv6Type;
import io.millrace.packet.header.Icmpv6View;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv6RoutingView;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.memory.LinkClass;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;

/// IPv6 packets for this host, see [LocalDelivery]: their extension headers one by one, as Linux's
/// `ip6_protocol_deliver_rcu` takes them, then what they carry.
final class LocalIpv6 {

    private static final int ROUTING_TYPE = 2;   // where the type lies in a routing header

    private final PacketMeta meta;
    private final Ipv6View ip;
    private final Icmpv6View icmp;
    private final Ipv6RoutingView routing;
    private final Ipv6HeaderWalk walk;
    private final Ipv6Options options;
    private final Ledger ledger;
    private final LocalTransport transport;
    private final Icmpv6Errors errors;
    private final Echo echo;
    private final TcpResets resets;
    private IcmpSettings settings;
    private boolean hasFragmentHeader;   // of the packet at hand, so far

    LocalIpv6(PacketMemory packets, Ledger ledger, LocalTransport transport, Icmpv6Errors errors, Echo echo,
              TcpResets resets, IcmpSettings settings) {
        this.meta = new PacketMeta(packets);
        this.ip = new Ipv6View(packets);
        this.icmp = new Icmpv6View(packets);
        this.routing = new Ipv6RoutingView(packets);
        this.walk = new Ipv6HeaderWalk(packets);
        this.options = new Ipv6Options(packets);
        this.ledger = ledger;
        this.transport = transport;
        this.errors = errors;
        this.echo = echo;
        this.resets = resets;
        this.settings = settings;
    }

    void apply(IcmpSettings newSettings) {
        settings = newSettings;
    }

    void deliver(int packet, int ingress, long nowNs) {
        int l3 = meta.l3(packet);
        ip.at(meta.frameAt(packet) + l3);
        boolean isToGroup = ip.targetHigh() >>> 56 == 0xff;
        hasFragmentHeader = false;
        walk.begin(packet);
        if (walk.protocol() == IpProtocol.HOP_BY_HOP && walk.isAtExtension()) walk.next();
        while (true) {
            switch (walk.protocol()) {
                case IpProtocol.DESTINATION_OPTIONS -> {
                    if (!passesOptions(packet, isToGroup, ingress, nowNs)) return;
                }
                case IpProtocol.ROUTING -> {
                    if (!passesRouting(packet, isToGroup, ingress, nowNs)) return;
                }
                case IpProtocol.FRAGMENT -> {
                    if (!passesFragment(packet, ingress, nowNs)) return;
                }
                default -> {
                    deliverTransport(packet, isToGroup, ingress, nowNs);
                    return;
                }
            }
            walk.next();
        }
    }

    private boolean passesOptions(int packet, boolean isToGroup, int ingress, long nowNs) {
        if (!walk.isAtExtension()) return drop(packet, Verdict.IPV6_MALFORMED);
        int l3 = meta.l3(packet);
        int optionsAt = walk.at() - l3;
        int endAt = optionsAt + walk.headerBytes();
        Verdict verdict = options.checkDestination(meta.frameAt(packet) + l3, optionsAt, endAt, isToGroup);
        if (verdict == Verdict.FORWARD) return true;
        if (options.problemAt() >= 0) {
            errors.parameterProblem(packet, options.problemCode(), options.problemAt(), ingress, nowNs);
        }
        return drop(packet, verdict);
    }

    /// A routing header with no segments left is passed over. With some left, this host would have to forward: it does
    /// not (RFC 5095 for type 0), and says so unless the type is one that a router is silent about when it is off.
    private boolean passesRouting(int packet, boolean isToGroup, int ingress, long nowNs) {
        if (!walk.isAtExtension()) return drop(packet, Verdict.IPV6_MALFORMED);
        if (isToGroup || meta.linkClass(packet) != LinkClass.HOST) return drop(packet, Verdict.IPV6_MALFORMED);
        routing.at(meta.frameAt(packet) + walk.at());
        int type = routing.type();
        boolean isSilent = type == Ipv6RoutingView.SEGMENT_ROUTING || type == Ipv6RoutingView.RPL;
        if (isSilent) return drop(packet, Verdict.IPV6_MALFORMED);
        if (routing.segmentsLeft() == 0) return true;
        int typeAt = walk.at() + ROUTING_TYPE - meta.l3(packet);
        errors.parameterProblem(packet, Icmpv6Type.ERRONEOUS_FIELD, typeAt, ingress, nowNs);
        return drop(packet, Verdict.IPV6_MALFORMED);
    }

    /// Only an atomic fragment is a whole packet (RFC 6946), and only one fragment header makes sense.
    private boolean passesFragment(int packet, int ingress, long nowNs) {
        if (!walk.isAtExtension() || hasFragmentHeader) {
            int pointer = walk.at() - meta.l3(packet);
            errors.parameterProblem(packet, Icmpv6Type.ERRONEOUS_FIELD, pointer, ingress, nowNs);
            return drop(packet, Verdict.IPV6_MALFORMED);
        }
        hasFragmentHeader = true;
        return walk.isAtAtomicFragment() || drop(packet, Verdict.REASSEMBLY_MISSING);
    }

    private void deliverTransport(int packet, boolean isToGroup, int ingress, long nowNs) {
        int l4 = walk.at();
        int l4Bytes = meta.packetBytes(packet) - l4;
        switch (walk.protocol()) {
            case IpProtocol.ICMPV6 -> receiveIcmp(packet, l4, l4Bytes, isToGroup, ingress, nowNs);
            case IpProtocol.UDP -> refuseUdp(packet, l4, l4Bytes, isToGroup, ingress, nowNs);
            case IpProtocol.TCP -> refuseTcp(packet, l4, l4Bytes, isToGroup, ingress, nowNs);
            case IpProtocol.NO_NEXT_HEADER -> ledger.deliver(packet, Verdict.LOCAL_IN);
            default -> {
                int pointer = walk.protocolAt() - meta.l3(packet);
                errors.parameterProblem(packet, Icmpv6Type.UNKNOWN_NEXT_HEADER, pointer, ingress, nowNs);
                ledger.drop(packet, Verdict.PROTOCOL_UNKNOWN);
            }
        }
    }

    private void receiveIcmp(int packet, int l4, int l4Bytes, boolean isToGroup, int ingress, long nowNs) {
        if (!transport.isSumRight(packet, l4, l4Bytes, IpProtocol.ICMPV6)) {
            ledger.drop(packet, Verdict.ICMP_CHECKSUM_WRONG);
            return;
        }
        if (Math.min(meta.slotBytes(packet) - l4, l4Bytes) < Icmpv6View.HEADER_BYTES) {
            ledger.drop(packet, Verdict.ICMP_MALFORMED);
            return;
        }
        if (icmp.at(meta.frameAt(packet) + l4).type() != Icmpv6Type.ECHO_REQUEST) {
            ledger.deliver(packet, Verdict.LOCAL_IN);
        } else if (settings.ignoresEchoV6() || isToGroup && settings.ignoresMulticastEchoV6()) {
            ledger.drop(packet, Verdict.ECHO_IGNORED);
        } else {
            echo.answer6(packet, l4, ingress, nowNs);
        }
    }

    private void refuseUdp(int packet, int l4, int l4Bytes, boolean isToGroup, int ingress, long nowNs) {
        Verdict verdict = transport.checkUdp(packet, l4, l4Bytes, true);
        if (verdict == Verdict.PORT_CLOSED && !isToGroup) {
            errors.unreachable(packet, Icmpv6Type.PORT_UNREACHABLE, ingress, nowNs);
        }
        ledger.drop(packet, verdict);
    }

    private void refuseTcp(int packet, int l4, int l4Bytes, boolean isToGroup, int ingress, long nowNs) {
        Verdict verdict = transport.checkTcp(packet, l4, l4Bytes);
        boolean isForHost = !isToGroup && meta.linkClass(packet) == LinkClass.HOST;
        if (verdict == Verdict.PORT_CLOSED && isForHost && !transport.isReset()) {
            resets.answer6(packet, l4, l4Bytes, ingress, nowNs);
        }
        ledger.drop(packet, verdict);
    }

    private boolean drop(int packet, Verdict verdict) {
        ledger.drop(packet, verdict);
        return false;
    }
}
