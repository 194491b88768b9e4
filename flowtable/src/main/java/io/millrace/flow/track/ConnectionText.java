package io.millrace.flow.track;

import io.millrace.flow.track.machine.DccpConntrackState;
import io.millrace.flow.track.machine.DccpState;
import io.millrace.flow.track.machine.Direction;
import io.millrace.flow.track.machine.SctpConntrackState;
import io.millrace.flow.track.machine.SctpState;
import io.millrace.flow.track.machine.TcpConntrackState;
import io.millrace.flow.track.machine.TcpState;
import io.millrace.flow.track.machine.TrackSettings;
import io.millrace.flow.track.machine.TrackSysctl;
import io.millrace.flow.tuple.Tuple;
import io.millrace.packet.address.Addresses;
import io.millrace.packet.header.IpProtocol;

/// Connections as text: as `conntrack -L` prints them, as `/proc/net/nf_conntrack` holds them, and events as
/// `conntrack -E` does.
///
/// ```
/// tcp      6 431999 ESTABLISHED src=10.0.0.1 dst=192.0.2.2 sport=40000 dport=80 src=… [ASSURED] mark=0 use=1
/// ```
public final class ConnectionText {

    private static final long SECOND_NS = 1_000_000_000L;

    private final Connections connections;
    private final TrackSettings settings;
    private final Tuple tuple = new Tuple();

    public ConnectionText(ConnectionTable table) {
        this.connections = table.connections();
        this.settings = table.settings();
    }

    /// A line of `conntrack -L`.
    public String line(int entry, long nowNs) {
        return appendConnection(new StringBuilder(200), entry, nowNs).append("use=1").toString();
    }

    /// A line of `/proc/net/nf_conntrack`.
    public String procLine(int entry, long nowNs) {
        int family = connections.tuple(entry, Direction.ORIGINAL, tuple).family();
        StringBuilder text = new StringBuilder(220).append(family == 4 ? "ipv4     2 " : "ipv6     10 ");
        appendConnection(text, entry, nowNs);
        if (connections.zone(entry) == 0) text.append("zone=0 ");
        return text.append("use=2").toString();
    }

    /// A line of `conntrack -E`.
    public String event(EventKind kind, int entry, long nowNs) {
        StringBuilder text = new StringBuilder(220);
        text.append(switch (kind) {
            case NEW -> "    [NEW] ";
            case UPDATE -> " [UPDATE] ";
            case DESTROY -> "[DESTROY] ";
        });
        appendHead(text, entry);
        if (kind != EventKind.DESTROY) appendLife(text, entry, nowNs);
        appendTuples(text, entry);
        int end = text.length() - 1;
        return text.deleteCharAt(end).toString();
    }

    private StringBuilder appendConnection(StringBuilder text, int entry, long nowNs) {
        appendHead(text, entry);
        if (!connections.has(entry, ConnectionStatus.OFFLOAD)) appendLife(text, entry, nowNs);
        appendTuples(text, entry);
        text.append("mark=").append(Integer.toUnsignedString(connections.mark(entry))).append(' ');
        int zone = connections.zone(entry);
        boolean isWholeZone = connections.zoneDirections(entry) == Tracked.ZONE_BOTH;
        if (zone != 0 && isWholeZone) text.append("zone=").append(zone).append(' ');
        return text;
    }

    private void appendHead(StringBuilder text, int entry) {
        String name = protocolName(connections.protocol(entry));
        text.append(name).append(" ".repeat(Math.max(0, 8 - name.length())));
        text.append(' ').append(connections.protocol(entry)).append(' ');
    }

    private void appendLife(StringBuilder text, int entry, long nowNs) {
        text.append(secondsLeft(entry, nowNs)).append(' ');
        String state = protocolState(entry);
        if (!state.isEmpty()) text.append(state).append(' ');
    }

    /// Seconds that the connection still lives without a packet, begun ones not counted.
    public long secondsLeft(int entry, long nowNs) {
        return Math.max(0, connections.timeoutNs(entry) - nowNs) / SECOND_NS;
    }

    /// The protocol's state by its name, empty for protocols without states.
    public String protocolState(int entry) {
        long at = connections.protocolStateAt(entry);
        return switch (connections.protocol(entry)) {
            case IpProtocol.TCP -> TcpConntrackState.name(TcpState.stateAt(connections.memory(), at));
            case IpProtocol.SCTP -> SctpConntrackState.name(SctpState.stateAt(connections.memory(), at));
            case IpProtocol.DCCP -> DccpConntrackState.name(DccpState.stateAt(connections.memory(), at));
            default -> "";
        };
    }

    private void appendTuples(StringBuilder text, int entry) {
        appendDirection(text, entry, Direction.ORIGINAL);
        if (!connections.has(entry, ConnectionStatus.SEEN_REPLY)) text.append("[UNREPLIED] ");
        appendDirection(text, entry, Direction.REPLY);
        if (connections.has(entry, ConnectionStatus.HARDWARE_OFFLOAD)) {
            text.append("[HW_OFFLOAD] ");
        } else if (connections.has(entry, ConnectionStatus.OFFLOAD)) {
            text.append("[OFFLOAD] ");
        } else if (connections.has(entry, ConnectionStatus.ASSURED)) {
            text.append("[ASSURED] ");
        }
    }

    private void appendDirection(StringBuilder text, int entry, int direction) {
        connections.tuple(entry, direction, tuple);
        appendAddress(text.append("src="), tuple.sourceHigh(), tuple.sourceLow());
        appendAddress(text.append(" dst="), tuple.targetHigh(), tuple.targetLow()).append(' ');
        switch (tuple.protocol()) {
            case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.UDP_LITE, IpProtocol.SCTP, IpProtocol.DCCP ->
                text.append("sport=").append(tuple.sourcePort())
                    .append(" dport=").append(tuple.targetPort()).append(' ');
            case IpProtocol.ICMP, IpProtocol.ICMPV6 ->
                text.append("type=").append(tuple.targetPort() >>> 8).append(" code=").append(tuple.targetPort() & 0xff)
                    .append(" id=").append(tuple.sourcePort()).append(' ');
            case IpProtocol.GRE -> text.append("srckey=0x0 dstkey=0x0 ");
            default -> { }
        }
        appendZone(text, entry, direction);
        if (settings.isOn(TrackSysctl.ACCOUNTING)) {
            text.append("packets=").append(connections.packets(entry, direction))
                .append(" bytes=").append(connections.bytes(entry, direction)).append(' ');
        }
    }

    private void appendZone(StringBuilder text, int entry, int direction) {
        int directions = connections.zoneDirections(entry);
        if (connections.zone(entry) == 0 || directions == Tracked.ZONE_BOTH) return;
        if ((directions & 1 << direction) == 0) return;
        text.append(direction == Direction.ORIGINAL ? "zone-orig=" : "zone-reply=").append(connections.zone(entry))
            .append(' ');
    }

    private StringBuilder appendAddress(StringBuilder text, long high, long low) {
        return tuple.family() == 4 ? Addresses.appendIpv4(text, (int) low) : Addresses.appendIpv6(text, high, low);
    }

    private static String protocolName(int protocol) {
        return switch (protocol) {
            case IpProtocol.TCP -> "tcp";
            case IpProtocol.UDP -> "udp";
            case IpProtocol.UDP_LITE -> "udplite";
            case IpProtocol.SCTP -> "sctp";
            case IpProtocol.DCCP -> "dccp";
            case IpProtocol.ICMP -> "icmp";
            case IpProtocol.ICMPV6 -> "icmpv6";
            case IpProtocol.GRE -> "gre";
            default -> "unknown";
        };
    }
}
