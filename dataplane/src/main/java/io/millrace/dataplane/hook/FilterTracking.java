package io.millrace.dataplane.hook;

import io.millrace.flow.flower.CtAction;
import io.millrace.flow.flower.CtNat;
import io.millrace.flow.flower.CtStateBits;
import io.millrace.flow.flower.engine.FlowerTracking;
import io.millrace.flow.nat.Nat;
import io.millrace.flow.nat.NatRange;
import io.millrace.flow.nat.NatSide;
import io.millrace.flow.track.ConnectionStatus;
import io.millrace.flow.track.ConnectionTable;
import io.millrace.flow.track.PacketState;
import io.millrace.flow.track.Tracked;
import io.millrace.flow.track.machine.Direction;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// The action `ct` of flower filters, by the connections that the rules have too, as Linux's `act_ct` does it.
///
/// A packet's connection is known until it has met its filters; a new one that nobody committed is forgotten then. Who
/// tracks it behind the filters does so anew. Fragments are invalid: they are put together behind the filters.
final class FilterTracking implements FlowerTracking {

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Hooks hooks;
    private final boolean isReceived;
    private final Tracked tracked = new Tracked();
    private final NatRange range = new NatRange();
    private boolean isTracked;

    /// @param isReceived packets came by a wire just now, so their checksums are looked at
    FilterTracking(PacketMemory packets, Hooks hooks, boolean isReceived) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.hooks = hooks;
        this.isReceived = isReceived;
    }

    @Override
    public void begin() {
        tracked.begin();
        isTracked = false;
    }

    @Override
    public boolean run(CtAction what, int packet, int l3, long nowNs) {
        if (what.isClear()) {
            end();
            begin();
            return true;
        }
        int family = family(packet, l3);
        if (family == 0) return false;
        Tracking tracking = hooks.tracking();
        if (!isKnown(what, tracking.table(), nowNs)) {
            tracking.table().release(tracked);
            tracked.begin().zone(what.zone(), Tracked.ZONE_BOTH);
            isTracked = true;
            boolean isKept = tracking.tracker().track(packet, l3, meta.packetBytes(packet), isReceived, tracked, nowNs);
            if (!isKept) return false;
        }
        if (!tracked.hasEntry()) return true;
        if (what.nat() != null && !translate(what, tracking.nat(), family, packet, l3, nowNs)) return false;
        return !what.isCommit() || commit(what, tracking.table(), nowNs);
    }

    private int family(int packet, int l3) {
        if (l3 < 2 || l3 > meta.slotBytes(packet)) return 0;
        return switch (Wire.u16(memory, meta.frameAt(packet) + l3 - 2)) {
            case EtherType.IPV4 -> 4;
            case EtherType.IPV6 -> 6;
            default -> 0;
        };
    }

    /// True if an action before this one found the connection in this zone. One that answers, and that is to be begun
    /// from here, ends.
    private boolean isKnown(CtAction what, ConnectionTable table, long nowNs) {
        if (!tracked.hasEntry() || tracked.zone() != what.zone()) return false;
        if (!what.isForced() || tracked.direction() == Direction.ORIGINAL) return true;
        if (table.connections().has(tracked.entry(), ConnectionStatus.CONFIRMED)) table.kill(tracked.entry(), nowNs);
        return false;
    }

    private boolean commit(CtAction what, ConnectionTable table, long nowNs) {
        int entry = tracked.entry();
        if (what.markMask() != 0) {
            int kept = table.connections().mark(entry) & ~what.markMask();
            table.mark(entry, kept | what.mark() & what.markMask());
        }
        return table.confirm(tracked, nowNs);
    }

    /// As Linux's `nf_ct_nat`: what is translated already goes on so; of a new connection the named side is decided.
    private boolean translate(CtAction what, Nat nat, int family, int packet, int l3, long nowNs) {
        int status = hooks.tracking().table().connections().status(tracked.entry());
        boolean isBound = tracked.state() != PacketState.NEW && (status & ConnectionStatus.NAT) != 0
            && (!tracked.state().isRelated() || what.isCommit());
        NatSide side;
        if (isBound) {
            boolean isSource = (status & ConnectionStatus.SOURCE_NAT) != 0;
            boolean isReply = tracked.direction() == Direction.REPLY;
            side = isSource != isReply ? NatSide.SOURCE : NatSide.TARGET;
        } else {
            if (what.nat().side() == CtNat.Side.NONE) return true;
            side = what.nat().side() == CtNat.Side.SOURCE ? NatSide.SOURCE : NatSide.TARGET;
        }
        boolean hasRange = what.nat().side() != CtNat.Side.NONE && what.nat().family() == family;
        if (!translate(nat, hasRange ? what.nat() : null, side, packet, l3, nowNs)) return false;
        status = hooks.tracking().table().connections().status(tracked.entry());
        if ((status & ConnectionStatus.TARGET_NAT) == 0) return true;
        if ((status & ConnectionStatus.SOURCE_NAT) != 0) {
            NatSide other = side == NatSide.SOURCE ? NatSide.TARGET : NatSide.SOURCE;
            return translate(nat, null, other, packet, l3, nowNs);
        }
        return tracked.direction() == Direction.REPLY || translate(nat, null, NatSide.SOURCE, packet, l3, nowNs);
    }

    private boolean translate(Nat nat, CtNat to, NatSide side, int packet, int l3, long nowNs) {
        if (nat.isUndecided(tracked, side)) {
            if (to == null) {
                nat.bindNothing(tracked, side, nowNs);
            } else {
                range.set(0).addresses(to.minHigh(), to.minLow(), to.maxHigh(), to.maxLow());
                if (to.portMin() != 0) range.ports(to.portMin(), to.portMax());
                nat.bind(tracked, range, side, nowNs);
            }
        }
        return nat.translate(packet, l3, meta.packetBytes(packet), tracked, side);
    }

    @Override
    public int state() {
        if (!isTracked) return 0;
        if (!tracked.hasEntry()) return CtStateBits.TRACKED | CtStateBits.INVALID;
        int reply = tracked.state().isReply() ? CtStateBits.REPLY : 0;
        return CtStateBits.TRACKED | reply | switch (tracked.state()) {
            case NEW -> CtStateBits.NEW;
            case ESTABLISHED, ESTABLISHED_REPLY -> CtStateBits.ESTABLISHED;
            case RELATED, RELATED_REPLY -> CtStateBits.RELATED;
            case INVALID, UNTRACKED -> CtStateBits.INVALID;
        };
    }

    @Override
    public int zone() {
        return isTracked ? tracked.zone() : 0;
    }

    @Override
    public int mark() {
        return tracked.hasEntry() ? hooks.tracking().table().connections().mark(tracked.entry()) : 0;
    }

    @Override
    public void end() {
        if (tracked.hasEntry()) hooks.tracking().table().release(tracked);
    }
}
