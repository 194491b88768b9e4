package io.millrace.flow.nat;

import io.millrace.flow.track.ConnectionEvents;
import io.millrace.flow.track.ConnectionTable;
import io.millrace.flow.track.ConnectionText;
import io.millrace.flow.track.ConnectionTracker;
import io.millrace.flow.track.Connections;
import io.millrace.flow.track.EventKind;
import io.millrace.flow.track.PacketState;
import io.millrace.flow.track.Tracked;
import io.millrace.flow.track.machine.TrackSettings;
import io.millrace.flow.track.machine.TrackSysctl;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

/// A gateway of two interfaces that tracks and translates one packet at a time, without routes of its own: what comes
/// by one interface leaves by the other, as it came but for addresses, ports and checksums.
public final class Gateway implements ConnectionEvents {

    /// What a rule of a nat chain says to a connection's first packet: calls `nat`, or leaves it alone. False drops.
    public interface Rule {
        boolean decide(Nat nat, Tracked tracked, NatSide side, int ingress, int egress, long nowNs);
    }

    /// What became of a packet.
    ///
    /// @param frame null if it was dropped
    public record Passed(PacketState state, byte[] frame) {}

    public static final int LEFT = 0;
    public static final int RIGHT = 1;

    private static final int ETHERNET_BYTES = 14;
    private static final int PACKET = 0;

    private final PacketMemory packets = new PacketMemory(Arena.ofAuto(), 2);
    private final PacketMeta meta = new PacketMeta(packets);
    private final TrackSettings settings;
    private final ConnectionTable table;
    private final ConnectionTracker tracker;
    private final ConnectionText text;
    private final Nat nat;
    private final Tracked tracked = new Tracked();
    private final List<String> events = new ArrayList<>();
    private final Rule rule;
    private PacketState lastState;
    private boolean isLogging;
    private long nowNs = 1_000_000_000L;

    public Gateway(TrackSettings settings, long seed, Rule rule) {
        this.settings = settings;
        this.rule = rule;
        this.table = new ConnectionTable(Arena.ofAuto(), settings, seed, this);
        this.tracker = new ConnectionTracker(packets, table);
        this.text = new ConnectionText(table);
        this.nat = new Nat(packets, table, new TwoNetworks(), new SplittableRandom(seed));
    }

    public static Gateway plain(long seed) {
        return new Gateway(new TrackSettings().set(TrackSysctl.MAX, 65_536), seed,
            (nat, tracked, side, ingress, egress, nowNs) -> true);
    }

    public TrackSettings settings()      { return settings; }
    public ConnectionTable table()       { return table; }
    public Connections connections()     { return table.connections(); }
    public ConnectionText text()         { return text; }
    public PacketMeta meta()             { return meta; }
    public List<String> events()         { return events; }
    public long nowNs()                  { return nowNs; }

    public Gateway logging() {
        isLogging = true;
        return this;
    }

    public void elapse(double seconds) {
        nowNs += (long) (seconds * 1e9);
    }

    /// Lets a frame through that came by this interface.
    public Passed pass(int ingress, byte[] frame) {
        return pass(ingress, frame, 0, Tracked.ZONE_BOTH);
    }

    /// The same for a zone.
    public Passed pass(int ingress, byte[] frame, int zone, int directions) {
        load(frame);
        tracked.begin().zone(zone, directions);
        boolean isKept = handle(PACKET, ingress, frame.length);
        Passed passed = new Passed(lastState, isKept ? unload(frame.length) : null);
        table.release(tracked);
        table.sweep(nowNs, 0);
        return passed;
    }

    /// Puts the frame where [#handle] takes it from.
    public void load(byte[] frame) {
        meta.begin(PACKET, frame.length, 0, 0, nowNs);
        MemorySegment.copy(frame, 0, packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(PACKET), frame.length);
    }

    public byte[] unload(int frameBytes) {
        return packets.segment().asSlice(meta.frameAt(PACKET), frameBytes).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Tracks, translates both sides and confirms; false drops.
    private boolean handle(int packet, int ingress, int limit) {
        int egress = 1 - ingress;
        boolean isTracked = tracker.track(packet, ETHERNET_BYTES, limit, true, tracked, nowNs);
        lastState = tracked.state();
        return isTracked
            && side(packet, limit, NatSide.TARGET, ingress, egress)
            && !nat.isEgressChanged(tracked, egress, nowNs)
            && side(packet, limit, NatSide.SOURCE, ingress, egress)
            && table.confirm(tracked, nowNs);
    }

    private boolean side(int packet, int limit, NatSide side, int ingress, int egress) {
        if (nat.isUndecided(tracked, side)) {
            if (!rule.decide(nat, tracked, side, ingress, egress, nowNs)) return false;
            if (nat.isUndecided(tracked, side)) nat.bindNothing(tracked, side, nowNs);
        }
        return nat.translate(packet, ETHERNET_BYTES, limit, tracked, side);
    }

    /// One packet without anything that allocates; true if it was kept.
    public boolean passQuietly(int ingress, int frameBytes) {
        tracked.begin();
        boolean isKept = handle(PACKET, ingress, frameBytes);
        table.release(tracked);
        table.sweep(nowNs, 4);
        return isKept;
    }

    /// All connections as `/proc/net/nf_conntrack` has them, in order.
    public TreeSet<String> listing() {
        TreeSet<String> lines = new TreeSet<>();
        Connections connections = table.connections();
        for (int entry = table.next(Connections.NONE); entry != Connections.NONE; entry = table.next(entry)) {
            if (connections.timeoutNs(entry) > nowNs) lines.add(text.procLine(entry, nowNs));
        }
        return lines;
    }

    @Override
    public void on(EventKind kind, int entry, long nowNs) {
        if (isLogging) events.add(text.event(kind, entry, nowNs));
    }
}
