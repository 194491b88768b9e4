package io.millrace.dataplane.icmp;

import io.millrace.dataplane.account.Ledger;
import io.millrace.packet.header.IcmpType;
import io.millrace.packet.header.IcmpView;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.memory.LinkClass;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;

/// IPv4 packets for this host, see [LocalDelivery].
final class LocalIpv4 {

    private static final int TYPE_MAX = 18;
    private static final int EXTENDED_ECHO_REQUEST = 42;   // RFC 8335; off by default in Linux, and not answered here
    private static final int EXTENDED_ECHO_REPLY = 43;
    private static final int ADDRESS_MASK_REQUEST = 17;
    private static final int ADDRESS_MASK_REPLY = 18;

    private final PacketMeta meta;
    private final Ipv4View ip;
    private final IcmpView icmp;
    private final Ledger ledger;
    private final LocalTransport transport;
    private final Icmpv4Errors errors;
    private final Echo echo;
    private final TcpResets resets;
    private IcmpSettings settings;

    LocalIpv4(PacketMemory packets, Ledger ledger, LocalTransport transport, Icmpv4Errors errors, Echo echo,
              TcpResets resets, IcmpSettings settings) {
        this.meta = new PacketMeta(packets);
        this.ip = new Ipv4View(packets);
        this.icmp = new IcmpView(packets);
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

    void deliver(int packet, boolean isBroadcast, int ingress, long nowNs) {
        int l3 = meta.l3(packet);
        ip.at(meta.frameAt(packet) + l3);
        if (ip.isFragment()) {
            ledger.drop(packet, Verdict.REASSEMBLY_MISSING);
            return;
        }
        int l4 = l3 + ip.headerBytes();
        int l4Bytes = ip.totalBytes() - ip.headerBytes();
        int target = ip.target();
        boolean isToGroup = isBroadcast || target >>> 28 == 0xe || target == -1;
        switch (ip.protocol()) {
            case IpProtocol.ICMP -> receiveIcmp(packet, l4, l4Bytes, isToGroup, nowNs);
            case IpProtocol.UDP -> refuseUdp(packet, l4, l4Bytes, isToGroup, ingress, nowNs);
            case IpProtocol.TCP -> refuseTcp(packet, l4, l4Bytes, isToGroup, ingress, nowNs);
            case IpProtocol.IGMP -> ledger.deliver(packet, Verdict.LOCAL_IN);
            default -> {
                if (!isToGroup) errors.unreachable(packet, IcmpType.PROTOCOL_UNREACHABLE, ingress, nowNs);
                ledger.drop(packet, Verdict.PROTOCOL_UNKNOWN);
            }
        }
    }

    private void receiveIcmp(int packet, int l4, int l4Bytes, boolean isToGroup, long nowNs) {
        if (!transport.isSumRight(packet, l4, l4Bytes, IpProtocol.ICMP)) {
            ledger.drop(packet, Verdict.ICMP_CHECKSUM_WRONG);
            return;
        }
        if (Math.min(meta.slotBytes(packet) - l4, l4Bytes) < IcmpView.HEADER_BYTES) {
            ledger.drop(packet, Verdict.ICMP_MALFORMED);
            return;
        }
        int type = icmp.at(meta.frameAt(packet) + l4).type();
        switch (type) {
            case IcmpType.ECHO_REQUEST -> {
                if (settings.ignoresEcho() || isToGroup && settings.ignoresBroadcastEcho()) {
                    ledger.drop(packet, Verdict.ECHO_IGNORED);
                } else {
                    echo.answer4(packet, l4, nowNs);
                }
            }
            case IcmpType.TIMESTAMP_REQUEST -> {
                if (isToGroup && settings.ignoresBroadcastEcho()) {
                    ledger.drop(packet, Verdict.ECHO_IGNORED);
                } else {
                    echo.stamp4(packet, l4, nowNs);
                }
            }
            default -> {
                if (isKnown(type, isToGroup)) {
                    ledger.deliver(packet, Verdict.LOCAL_IN);
                } else {
                    ledger.drop(packet, Verdict.ICMP_MALFORMED);
                }
            }
        }
    }

    /// To groups only requests and address masks make sense.
    private static boolean isKnown(int type, boolean isToGroup) {
        if (type == EXTENDED_ECHO_REQUEST || type == EXTENDED_ECHO_REPLY) return true;
        if (isToGroup) return type == ADDRESS_MASK_REQUEST || type == ADDRESS_MASK_REPLY;
        return type <= TYPE_MAX;
    }

    private void refuseUdp(int packet, int l4, int l4Bytes, boolean isToGroup, int ingress, long nowNs) {
        Verdict verdict = transport.checkUdp(packet, l4, l4Bytes, false);
        if (verdict == Verdict.PORT_CLOSED && !isToGroup) {
            errors.unreachable(packet, IcmpType.PORT_UNREACHABLE, ingress, nowNs);
        }
        ledger.drop(packet, verdict);
    }

    private void refuseTcp(int packet, int l4, int l4Bytes, boolean isToGroup, int ingress, long nowNs) {
        Verdict verdict = transport.checkTcp(packet, l4, l4Bytes);
        boolean isForHost = !isToGroup && meta.linkClass(packet) == LinkClass.HOST;
        if (verdict == Verdict.PORT_CLOSED && isForHost && !transport.isReset()) {
            resets.answer4(packet, ingress, nowNs);
        }
        ledger.drop(packet, verdict);
    }
}
