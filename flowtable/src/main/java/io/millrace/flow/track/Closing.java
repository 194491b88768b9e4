package io.millrace.flow.track;

import io.millrace.flow.track.machine.DccpConntrackState;
import io.millrace.flow.track.machine.DccpState;
import io.millrace.flow.track.machine.SctpConntrackState;
import io.millrace.flow.track.machine.SctpState;
import io.millrace.flow.track.machine.TcpConntrackState;
import io.millrace.flow.track.machine.TcpState;
import io.millrace.packet.header.IpProtocol;

/// Which connections a full table can do without, and which may be made twice.
final class Closing {

    private final Connections connections;

    Closing(Connections connections) {
        this.connections = connections;
    }

    /// True unless the connection is assured and not closing; those of the flow table always stay.
    boolean isDispensable(int entry) {
        if (connections.has(entry, ConnectionStatus.OFFLOAD | ConnectionStatus.DYING)) return false;
        if (!connections.has(entry, ConnectionStatus.ASSURED)) return true;
        long stateAt = connections.protocolStateAt(entry);
        return switch (connections.protocol(entry)) {
            case IpProtocol.TCP -> TcpConntrackState.isClosing(TcpState.stateAt(connections.memory(), stateAt));
            case IpProtocol.SCTP -> SctpConntrackState.isClosing(SctpState.stateAt(connections.memory(), stateAt));
            case IpProtocol.DCCP -> DccpConntrackState.isClosing(DccpState.stateAt(connections.memory(), stateAt));
            default -> false;
        };
    }

    /// True of a TCP connection that both sides have closed, or one has reset.
    boolean isOver(int entry) {
        if (connections.protocol(entry) != IpProtocol.TCP) return false;
        int state = TcpState.stateAt(connections.memory(), connections.protocolStateAt(entry));
        return state == TcpConntrackState.TIME_WAIT || state == TcpConntrackState.CLOSE;
    }

    /// True for protocols in which two first packets at once are the same connection: those without a handshake.
    boolean mayClash(int entry) {
        return switch (connections.protocol(entry)) {
            case IpProtocol.TCP, IpProtocol.SCTP, IpProtocol.DCCP -> false;
            default -> true;
        };
    }
}
