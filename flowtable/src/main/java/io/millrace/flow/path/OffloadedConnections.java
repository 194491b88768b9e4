package io.millrace.flow.path;

import io.millrace.flow.track.ConnectionStatus;
import io.millrace.flow.track.Connections;
import io.millrace.flow.track.machine.Direction;
import io.millrace.flow.track.machine.TcpConntrackState;
import io.millrace.flow.track.machine.TcpSide;
import io.millrace.flow.track.machine.TcpState;
import io.millrace.flow.track.machine.TrackSettings;
import io.millrace.flow.track.machine.TrackSysctl;
import io.millrace.packet.header.IpProtocol;

/// Connections while the flow table has them: kept from timing out, and made fit for the slow path when it gives them
/// back (Linux: `flow_offload_fixup_ct` of 6.14, `nf_flow_table_extend_ct_timeout`).
///
/// What the fast path did not follow is forgotten: the windows of TCP are learned again, and a connection in which a
/// FIN
/// or RST has passed is CLOSE with "closing begun", so that a new SYN opens it again.
public final class OffloadedConnections implements FlowLife {

    /// How long a connection lives that was just offloaded.
    static final long DAY_NS = 86_400_000_000_000L;
    private static final long MINUTES_5_NS = 300_000_000_000L;
    private static final long FLOW_TIMEOUT_NS = 30_000_000_000L;

    private final Connections connections;
    private final TrackSettings settings;
    private final TcpState tcp = new TcpState();

    public OffloadedConnections(Connections connections, TrackSettings settings) {
        this.connections = connections;
        this.settings = settings;
    }

    @Override
    public void onAlive(int entry, long nowNs) {
        if (connections.timeoutNs(entry) - nowNs >= MINUTES_5_NS) return;
        long extendedNs = DAY_NS;
        if (connections.protocol(entry) == IpProtocol.TCP
            && connections.tcp(entry, tcp).state() != TcpConntrackState.ESTABLISHED) extendedNs = MINUTES_5_NS;
        connections.timeoutNs(entry, nowNs + extendedNs);
    }

    @Override
    public void onTornDown(int entry, boolean isClosing, boolean isExpired, FlowTally tally, long nowNs) {
        connections.flow(entry, Connections.NONE);
        connections.unset(entry, ConnectionStatus.OFFLOAD | ConnectionStatus.HARDWARE_OFFLOAD);
        connections.count(entry, Direction.ORIGINAL, tally.originalPackets(), tally.originalBytes());
        connections.count(entry, Direction.REPLY, tally.replyPackets(), tally.replyBytes());
        if (connections.has(entry, ConnectionStatus.DYING)) return;
        long leftNs;
        long flowTimeoutNs;
        switch (connections.protocol(entry)) {
            case IpProtocol.TCP -> {
                leftNs = settings.ns(timeout(forgetWindows(entry, isClosing)));
                flowTimeoutNs = settings.ns(TrackSysctl.FLOWTABLE_TCP);
            }
            case IpProtocol.UDP -> {
                boolean isReplied = connections.has(entry, ConnectionStatus.SEEN_REPLY);
                leftNs = settings.ns(isReplied ? TrackSysctl.UDP_STREAM : TrackSysctl.UDP);
                flowTimeoutNs = settings.ns(TrackSysctl.FLOWTABLE_UDP);
            }
            default -> {   // GRE keeps what it has but for the day that it was given
                leftNs = settings.ns(TrackSysctl.GRE_STREAM);
                flowTimeoutNs = FLOW_TIMEOUT_NS;
            }
        }
        if (isExpired) leftNs = Math.max(0, leftNs - flowTimeoutNs);
        connections.timeoutNs(entry, Math.min(connections.timeoutNs(entry), nowNs + leftNs));
    }

    /// Returns the state that the connection is in afterwards.
    private int forgetWindows(int entry, boolean isClosing) {
        connections.tcp(entry, tcp);
        if (isClosing) tcp.state(TcpConntrackState.CLOSE);
        if (tcp.state() == TcpConntrackState.CLOSE) tcp.side(Direction.ORIGINAL).set(TcpSide.CLOSE_BEGUN);
        for (int direction = Direction.ORIGINAL; direction <= Direction.REPLY; direction++) {
            tcp.side(direction).windowMax(0);
            tcp.side(direction).unset(TcpSide.ACKNOWLEDGED_SET);
        }
        connections.storeTcp(entry, tcp);
        return tcp.state();
    }

    private static TrackSysctl timeout(int state) {
        return switch (state) {
            case TcpConntrackState.SYN_SENT, TcpConntrackState.SYN_SENT2 -> TrackSysctl.TCP_SYN_SENT;
            case TcpConntrackState.SYN_RECV -> TrackSysctl.TCP_SYN_RECV;
            case TcpConntrackState.FIN_WAIT -> TrackSysctl.TCP_FIN_WAIT;
            case TcpConntrackState.CLOSE_WAIT -> TrackSysctl.TCP_CLOSE_WAIT;
            case TcpConntrackState.LAST_ACK -> TrackSysctl.TCP_LAST_ACK;
            case TcpConntrackState.TIME_WAIT -> TrackSysctl.TCP_TIME_WAIT;
            case TcpConntrackState.CLOSE -> TrackSysctl.TCP_CLOSE;
            default -> TrackSysctl.TCP_ESTABLISHED;
        };
    }
}
