package io.millrace.flow.nat;

import io.millrace.flow.track.ConnectionTable;
import io.millrace.flow.track.Connections;
import io.millrace.flow.track.machine.Direction;
import io.millrace.flow.track.machine.TcpConntrackState;
import io.millrace.flow.track.machine.TcpState;
import io.millrace.flow.tuple.Tuple;

/// Takes tuples from TCP connections that only wait in TIME_WAIT, when ports run short (Linux since 6.7,
/// `nf_nat_used_tuple_harder`): whoever begins later with a higher sequence number may follow them (RFC 9293 §3.6.1).
final class WaitingTuples {

    private final ConnectionTable table;
    private final TcpState held = new TcpState();
    private final TcpState begun = new TcpState();
    private final Tuple scratch = new Tuple();

    WaitingTuples(ConnectionTable table) {
        this.table = table;
    }

    /// Ends the connection that has this reply tuple, if it may be ended for `entry`'s sake. True if it did.
    boolean evict(Tuple reply, int entry, long nowNs) {
        Connections connections = table.connections();
        int holder = table.find(reply, nowNs);
        if (holder == Connections.NONE) return true;
        if (!connections.tuple(holder, Direction.REPLY, scratch).isSame(reply)) return false;
        connections.tcp(holder, held);
        if (held.state() != TcpConntrackState.TIME_WAIT) return false;
        connections.tcp(entry, begun);
        int advance = begun.side(Direction.ORIGINAL).end() - held.side(Direction.ORIGINAL).end();
        if (advance <= 0) return false;
        table.kill(holder, nowNs);
        return true;
    }
}
