package io.millrace.flow.track;

import io.millrace.flow.track.machine.Direction;

/// What is known of one packet's connection while the packet is under way: an object of the path that handles it, used
/// again for the next packet.
///
/// The order of calls: [#begin]; a zone or [#untracked] if the rules of priority raw say so;
/// [ConnectionTracker#track]; then [ConnectionTable#confirm] where the packet leaves or is delivered; at last, in every
/// case, [ConnectionTable#release].
public final class Tracked {

    private PacketState state = PacketState.INVALID;
    private int entry = Connections.NONE;
    private int zone;
    private int zoneDirections = ZONE_BOTH;
    private boolean isExempt;

    /// Directions that a zone is meant for.
    public static final int ZONE_ORIGINAL = 1 << Direction.ORIGINAL;
    public static final int ZONE_REPLY = 1 << Direction.REPLY;
    public static final int ZONE_BOTH = ZONE_ORIGINAL | ZONE_REPLY;

    /// For the next packet: no connection, zone 0.
    public Tracked begin() {
        state = PacketState.INVALID;
        entry = Connections.NONE;
        zone = 0;
        zoneDirections = ZONE_BOTH;
        isExempt = false;
        return this;
    }

    /// Do not track this packet (nft: `notrack`).
    public void untracked() {
        isExempt = true;
        state = PacketState.UNTRACKED;
    }

    /// The zone that its connection is looked for in and belongs to (nft: `ct zone set`, `ct original zone set`, …).
    public void zone(int zone, int directions) {
        this.zone = zone;
        this.zoneDirections = directions;
    }

    /// Makes it the packet of an error that this host sends because of `cause`: it belongs to the same connection and
    /// travels the other way.
    public void relateTo(Tracked cause) {
        begin();
        if (cause.entry == Connections.NONE) return;
        set(cause.entry, cause.state.isReply() ? PacketState.RELATED : PacketState.RELATED_REPLY);
    }

    void set(int entry, PacketState state) {
        this.entry = entry;
        this.state = state;
    }

    /// The connection's number in [Connections], or `Connections.NONE`.
    public int entry()         { return entry; }
    public boolean hasEntry()  { return entry != Connections.NONE; }
    public PacketState state() { return state; }
    public int direction()     { return state.isReply() ? Direction.REPLY : Direction.ORIGINAL; }
    public int zone()          { return zone; }
    public int zoneDirections() { return zoneDirections; }
    boolean isExempt()         { return isExempt; }

    /// The zone's number in tuples of a direction.
    int zoneOf(int direction) {
        return (zoneDirections & 1 << direction) != 0 ? zone : 0;
    }
}
