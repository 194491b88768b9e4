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
    /// IPv6 addresses in full, as the kernel writes them; or in their short form, as its tools do.
    private boolean isLong;

    public ConnectionText(ConnectionTable table) {
        this(table.connections(), table.settings());
    }

    /// Of copies of entries.
    public ConnectionText(Connections connections, TrackSettings settings) {
        this.connections = connections;
        this.settings = settings;
    }

    /// A line of `conntrack -L`.
    public String line(int entry, long nowNs) {
        return line(entry, nowNs, Extras.NONE);
    }

    /// What `conntrack -o` adds to a line: `extended` the network's protocol in front, `id` a number at the end.
    public record Extras(boolean isExtended, boolean hasId) {
        public static final Extras NONE = new Extras(false, false);
    }

    /// A line of `conntrack -L -o …`.
    public String line(int entry, long nowNs, Extras extras) {
        StringBuilder text = appendFamily(new StringBuilder(200), entry, extras);
        appendConnection(text, entry, nowNs).append("use=1");
        return appendId(text, entry, extras).toString();
    }

    private StringBuilder appendFamily(StringBuilder text, int entry, Extras extras) {
        if (!extras.isExtended) return text;
        boolean isIpv4 = connections.tuple(entry, Direction.ORIGINAL, tuple).family() == 4;
        return text.append(isIpv4 ? "ipv4     2 " : "ipv6     10 ");
    }

    private StringBuilder appendId(StringBuilder text, int entry, Extras extras) {
        return extras.hasId ? text.append(" id=").append(Integer.toUnsignedString(id(entry))) : text;
    }

    /// A number of the connection's own, the same as long as it lives.
    private int id(int entry) {
        int first = connections.tuple(entry, Direction.ORIGINAL, tuple).hash(connections.generation(entry));
        return (int) (first * 31L ^ connections.beganNs(entry));
    }

    /// A line of `/proc/net/nf_conntrack`.
    public String procLine(int entry, long nowNs) {
        int family = connections.tuple(entry, Direction.ORIGINAL, tuple).family();
        StringBuilder text = new StringBuilder(300).append(family == 4 ? "ipv4     2 " : "ipv6     10 ");
        isLong = true;
        appendConnection(text, entry, nowNs);
        isLong = false;
        if (connections.zone(entry) == 0) text.append("zone=0 ");
        return text.append("use=2").toString();
    }

    /// A line of `conntrack -E`.
    public String event(EventKind kind, int entry, long nowNs) {
        return event(kind, entry, nowNs, Extras.NONE);
    }

    /// A line of `conntrack -E -o …`.
    public String event(EventKind kind, int entry, long nowNs, Extras extras) {
        StringBuilder text = new StringBuilder(220);
        text.append(switch (kind) {
            case NEW -> "    [NEW] ";
            case UPDATE -> " [UPDATE] ";
            case DESTROY -> "[DESTROY] ";
        });
        appendFamily(text, entry, extras);
        appendHead(text, entry);
        if (kind != EventKind.DESTROY) appendLife(text, entry, nowNs);
        appendTuples(text, entry);
        int end = text.length() - 1;
        return appendId(text.deleteCharAt(end), entry, extras).toString();
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
        if (isLong && connections.protocol(entry) == IpProtocol.GRE) {
            text.append("timeout=").append(settings.value(TrackSysctl.GRE))
                .append(", stream_timeout=").append(settings.value(TrackSysctl.GRE_STREAM)).append(' ');
        }
    }

    /// Seconds that the connection still lives without a packet, begun ones not counted.
    public long secondsLeft(int entry, long nowNs) {
        boolean isUnderWay = !connections.has(entry, ConnectionStatus.CONFIRMED | ConnectionStatus.DYING);
        long leftNs = isUnderWay ? connections.timeoutNs(entry) : connections.timeoutNs(entry) - nowNs;
        return Math.max(0, leftNs) / SECOND_NS;
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
        if (tuple.family() == 4) return Addresses.appendIpv4(text, (int) low);
        if (!isLong) return Addresses.appendIpv6(text, high, low);
        for (int shift = 112; shift >= 0; shift -= 16) {
            int group = (int) ((shift >= 64 ? high : low) >>> (shift & 63)) & 0xffff;
            text.append(Integer.toHexString(0x10000 | group), 1, 5).append(shift == 0 ? "" : ":");
        }
        return text;
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
