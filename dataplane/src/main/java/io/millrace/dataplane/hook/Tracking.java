package io.millrace.dataplane.hook;

import io.millrace.flow.Routes;
import io.millrace.flow.nat.Nat;
import io.millrace.flow.rules.RuleMachine;
import io.millrace.flow.track.ConnectionEvents;
import io.millrace.flow.track.ConnectionTable;
import io.millrace.flow.track.ConnectionTracker;
import io.millrace.flow.track.EventKind;
import io.millrace.flow.track.TupleTouch;
import io.millrace.flow.track.machine.TrackSettings;
import io.millrace.flow.track.machine.TrackSysctl;
import io.millrace.packet.memory.PacketMemory;

import java.lang.foreign.Arena;
import java.util.SplittableRandom;

/// One worker's connections and what works on them. Made once and kept over changes of the ruleset; only one that was
/// made for rules without connections, and so has no room for any, gives way to another.
public final class Tracking implements ConnectionEvents {

    private final ConnectionTable table;
    private final ConnectionTracker tracker;
    private final TupleTouch touch;
    private final Nat nat;
    private final RuleMachine machine;
    private final boolean hasRoom;
    private Offloading offloading;
    private ConnectionEvents listener = ConnectionEvents.NONE;

    /// @param hasRoom for `nf_conntrack_max` connections; else for one, which nobody asks for
    Tracking(Arena arena, PacketMemory packets, Routes routes, TrackSettings settings, boolean hasRoom,
             SplittableRandom random) {
        this.hasRoom = hasRoom;
        TrackSettings sized = hasRoom ? settings
            : new TrackSettings().set(TrackSysctl.MAX, 1).set(TrackSysctl.BUCKETS, 1);
        this.table = new ConnectionTable(arena, sized, random.nextLong(), this);
        this.tracker = new ConnectionTracker(packets, table);
        this.touch = new TupleTouch(packets, table);
        this.nat = new Nat(packets, table, routes, random.split());
        this.machine = new RuleMachine(packets, table, routes, random.split(), 0);
    }

    public ConnectionTable table()  { return table; }
    ConnectionTracker tracker()     { return tracker; }
    TupleTouch touch()              { return touch; }
    Nat nat()                       { return nat; }
    RuleMachine machine()           { return machine; }
    /// False if it was made for rules that track nothing.
    public boolean hasRoom()               { return hasRoom; }

    /// Right packets that the device behind this port called wrong. Any thread; perhaps a little old.
    public long wrongDeviceSums(int port) {
        return tracker.wrongDeviceSums(port);
    }

    /// Who hears of connections that begin, change and end; on the worker's thread.
    public void listen(ConnectionEvents events) {
        listener = events;
    }

    /// What the connection's flow has counted so far counts for the connection.
    public void settle(int entry) {
        if (offloading != null) offloading.settle(entry);
    }

    void offloading(Offloading flows) {
        offloading = flows;
    }

    /// The flow of a connection ends with it.
    @Override
    public void on(EventKind kind, int entry, long nowNs) {
        if (kind == EventKind.DESTROY && offloading != null) offloading.end(entry, nowNs);
        listener.on(kind, entry, nowNs);
    }
}
