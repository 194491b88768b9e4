package io.millrace.dataplane.hook;

import io.millrace.flow.track.ConnectionTable;
import io.millrace.flow.track.ConnectionText;
import io.millrace.flow.track.Connections;
import io.millrace.flow.tuple.Tuple;

import java.util.List;

/// What operators ask of connections: listing and ending them, as `conntrack` does. Every call is made on the worker's
/// thread, between two bursts, and does a bounded amount of work; whoever wants all of a long list asks again.
public final class ConnectionControl {

    /// Entries of the table that one call looks at: some hundred microseconds.
    public static final int ENTRIES_A_CALL = 4096;
    /// Where a listing begins, and what it returns once it is over.
    public static final int BEGIN = 0;
    public static final int OVER = -1;

    private final Hooks hooks;

    public ConnectionControl(Hooks hooks) {
        this.hooks = hooks;
    }

    /// Adds a line of `conntrack -L` for each connection among the next entries, counters of their flows included.
    /// Returns where to go on, or [#OVER].
    public int list(int from, List<String> lines, long nowNs) {
        Tracking tracking = hooks.tracking();
        if (tracking == null) return OVER;
        ConnectionTable table = tracking.table();
        var text = new ConnectionText(table);
        int until = from + ENTRIES_A_CALL;
        int entry = table.next(from - 1);
        for (; entry != Connections.NONE && entry < until; entry = table.next(entry)) {
            if (table.connections().timeoutNs(entry) - nowNs <= 0) continue;   // over, but nobody came by yet
            tracking.settle(entry);
            lines.add(text.line(entry, nowNs));
        }
        return entry == Connections.NONE ? OVER : entry;
    }

    /// Ends the connection that has this tuple, zone included, in either direction. False if there is none.
    public boolean delete(Tuple tuple, long nowNs) {
        Tracking tracking = hooks.tracking();
        int entry = tracking == null ? Connections.NONE : tracking.table().find(tuple, nowNs);
        if (entry == Connections.NONE) return false;
        tracking.table().kill(entry, nowNs);
        return true;
    }

    /// Ends the connections among the next entries; returns where to go on, or [#OVER].
    public int flush(int from, long nowNs) {
        Tracking tracking = hooks.tracking();
        if (tracking == null) return OVER;
        ConnectionTable table = tracking.table();
        int until = from + ENTRIES_A_CALL;
        int entry = table.next(from - 1);
        for (; entry != Connections.NONE && entry < until; entry = table.next(entry)) table.kill(entry, nowNs);
        return entry == Connections.NONE ? OVER : entry;
    }
}
