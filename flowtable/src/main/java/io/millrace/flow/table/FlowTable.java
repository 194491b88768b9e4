package io.millrace.flow.table;

import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.Reservation;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// A worker's flows. A *flow* is the number of its slot, a *direction* twice that, plus one for the reply.
///
/// ```
///  | links | buckets of the index, then those they overflow into | slots, 256 bytes each, see FlowLine |
/// ```
///
/// One segment, whose address space is reserved at once and whose pages come as they are used. Nothing in it ever
/// moves:
/// a flow keeps its slot until it is removed, and the index grows a bucket at a time. A slot used anew has another
/// generation, so that (slot, generation) names a flow for ever.
///
/// Touched by its worker's thread alone, but for [FlowListing], which reads what an entry's sequence number says is
/// whole: it is odd while key, rewrite or life of the flow are being written. Counters, time and state change without
/// it.
public final class FlowTable {

    public static final int NONE = -1;
    /// [#add]: no slot, link, or place in the index.
    public static final int FULL = -2;
    /// [#add]: a flow has one of the two keys already, or they are one.
    public static final int TAKEN = -3;

    public static final int FLOWS_MAX = 1 << 24;

    private final MemorySegment table;
    private final FlowIndex index;
    private final FlowLinks links;
    private final FlowHash hash;
    private final long linesAt;
    private final long reachBytes;
    private final int flowsMax;
    private int slotsUsed;
    private int freeSlot;       // + 1
    private int flowCount;

    /// Room for `flowsMax` flows over `linksMax` ways out. The arena gives the memory back.
    public FlowTable(Arena arena, int flowsMax, int linksMax, long seed) {
        Check.that(flowsMax > 0 && flowsMax <= FLOWS_MAX, "flowsMax must be 1.." + FLOWS_MAX, flowsMax);
        Check.that(linksMax > 0 && linksMax <= 1 << 20, "linksMax must be 1..1048576", linksMax);
        long bucketsAt = (long) linksMax * FlowLinks.LINK_BYTES;
        this.linesAt = Math.ceilDiv(bucketsAt + FlowIndex.spaceBytes(2 * flowsMax), FlowLine.FLOW_BYTES)
            * FlowLine.FLOW_BYTES;
        this.flowsMax = flowsMax;
        long tableBytes = linesAt + (long) flowsMax * FlowLine.FLOW_BYTES;
        this.reachBytes = Long.highestOneBit(tableBytes - 1) << 1;
        this.table = Reservation.of(arena, reachBytes + FlowLine.FLOW_BYTES);
        this.index = new FlowIndex(table, bucketsAt, linesAt, 2 * flowsMax);
        this.links = new FlowLinks(table, 0, linksMax);
        this.hash = new FlowHash(seed);
    }

    public MemorySegment segment() { return table; }
    /// Ones as far as any place in the table goes: changes nothing there, and tells the JIT how large it can be, which
    /// then proves that an access stays in the segment.
    public long reachMask()        { return reachBytes - 1; }
    public FlowLinks links()       { return links; }
    public int flowCount()         { return flowCount; }
    public int flowsMax()          { return flowsMax; }
    /// Slots that were ever used; all flows lie below.
    public int slotsUsed()         { return slotsUsed; }
    public long linesAt()          { return linesAt; }

    FlowIndex index()              { return index; }
    FlowHash hash()                { return hash; }

    public long lineAt(int direction) {
        return linesAt + (long) direction * FlowLine.DIRECTION_BYTES;
    }

    private long slotAt(int slot) {
        return linesAt + (long) slot * FlowLine.FLOW_BYTES;
    }

    /// Adds a flow whose `connection` is the caller's number for it; returns its slot, [#TAKEN] or [#FULL], and then
    /// nothing is changed. `isCounted`: its packets count for the connection.
    public int add(DirectionSpec original, DirectionSpec reply, int connection, boolean isCounted, long nowNs) {
        if (original.hasKeyOf(reply) || find(original) != NONE || find(reply) != NONE) return TAKEN;
        if (freeSlot == 0 && slotsUsed == flowsMax) return FULL;
        int originalLink = links.acquire(original.link());
        if (originalLink == FlowLinks.NONE) return FULL;
        int replyLink = links.acquire(reply.link());
        if (replyLink == FlowLinks.NONE) {
            links.release(originalLink);
            return FULL;
        }
        int slot = takeSlot();
        long slotAt = slotAt(slot);
        beginWriting(slotAt);
        int state = FlowLine.LIVE | (isCounted ? FlowLine.COUNTED : 0)
            | (original.isNat() || reply.isNat() ? FlowLine.NAT : 0);
        write(slotAt, original, originalLink, state, nowNs);
        write(slotAt + FlowLine.DIRECTION_BYTES, reply, replyLink, state | FlowLine.REPLY, nowNs);
        Wire.hostI32(table, slotAt + FlowLine.CONNECTION, connection);
        boolean isIndexed = index.add(hashOf(2 * slot), 2 * slot);
        if (isIndexed && !index.add(hashOf(2 * slot + 1), 2 * slot + 1)) {
            index.remove(hashOf(2 * slot), 2 * slot);
            isIndexed = false;
        }
        flowCount++;
        endWriting(slotAt);
        if (isIndexed) return slot;
        release(slot);
        return FULL;
    }

    private void write(long lineAt, DirectionSpec spec, int link, int state, long nowNs) {
        spec.write(table, lineAt);
        Wire.hostI64(table, lineAt + FlowLine.HASH, spec.hash(hash));
        Wire.hostI64(table, lineAt + FlowLine.PACKETS, 0);
        Wire.hostI64(table, lineAt + FlowLine.BYTES, 0);
        Wire.hostI64(table, lineAt + FlowLine.LAST_USED, nowNs);
        Wire.hostI64(table, lineAt + FlowLine.WAY, FlowLine.wayOf(state, spec.mtuBytes(), link));
    }

    /// The direction with this key, or `NONE`.
    public int find(DirectionSpec key) {
        long hashed = key.hash(hash);
        long bucketAt = index.bucketAt(FlowIndex.bucketOf(hashed, index.shape()));
        long pattern = FlowIndex.pattern(hashed);
        while (true) {
            long matches = FlowIndex.matches(Wire.hostI64(table, bucketAt), pattern);
            for (; matches != 0; matches &= matches - 1) {
                int direction = FlowIndex.directionAt(table, bucketAt, matches);
                if (key.isAt(table, lineAt(direction))) return direction;
            }
            int next = FlowIndex.next(table, bucketAt);
            if (next == 0) return NONE;
            bucketAt = index.overflowAt(next);
        }
    }

    /// Removes a flow. Whoever ends one tears its connection down before.
    public void remove(int slot) {
        assert isUsed(slot) : slot;
        index.remove(hashOf(2 * slot), 2 * slot);
        index.remove(hashOf(2 * slot + 1), 2 * slot + 1);
        release(slot);
    }

    private void release(int slot) {
        long slotAt = slotAt(slot);
        links.release(FlowLine.linkOf(FlowLine.way(table, slotAt)));
        links.release(FlowLine.linkOf(FlowLine.way(table, slotAt + FlowLine.DIRECTION_BYTES)));
        beginWriting(slotAt);
        forget(slotAt);
        forget(slotAt + FlowLine.DIRECTION_BYTES);
        Wire.hostI32(table, slotAt + FlowLine.GENERATION, generation(slot) + 1);
        Wire.hostI32(table, slotAt + FlowLine.NEXT_FREE, freeSlot);
        endWriting(slotAt);
        freeSlot = slot + 1;
        flowCount--;
    }

    /// A direction without a selector has no key: whoever still looks at it ([FlowFinder#touch]) does not find it.
    private void forget(long lineAt) {
        FlowLine.state(table, lineAt, 0);
        Wire.hostI64(table, lineAt + FlowLine.SELECTOR, 0);
    }

    private int takeSlot() {
        if (freeSlot == 0) return slotsUsed++;
        int slot = freeSlot - 1;
        freeSlot = Wire.hostI32(table, slotAt(slot) + FlowLine.NEXT_FREE);
        return slot;
    }

    private void beginWriting(long slotAt) {
        Wire.hostI32(table, slotAt + FlowLine.SEQUENCE, Wire.hostI32(table, slotAt + FlowLine.SEQUENCE) + 1);
        VarHandle.storeStoreFence();
    }

    private void endWriting(long slotAt) {
        VarHandle.storeStoreFence();
        Wire.hostI32(table, slotAt + FlowLine.SEQUENCE, Wire.hostI32(table, slotAt + FlowLine.SEQUENCE) + 1);
    }

    /// True if a flow lies in the slot.
    public boolean isUsed(int slot) {
        return slot < slotsUsed && FlowLine.state(table, slotAt(slot)) != 0;
    }

    /// How often the slot was used before.
    public int generation(int slot) {
        return Wire.hostI32(table, slotAt(slot) + FlowLine.GENERATION);
    }

    public int connection(int slot) {
        return Wire.hostI32(table, slotAt(slot) + FlowLine.CONNECTION);
    }

    public int state(int slot) {
        return FlowLine.state(table, slotAt(slot));
    }

    /// Sets state bits in both directions.
    public void mark(int slot, int bits) {
        long slotAt = slotAt(slot);
        FlowLine.state(table, slotAt, FlowLine.state(table, slotAt) | bits);
        FlowLine.state(table, slotAt + FlowLine.DIRECTION_BYTES,
            FlowLine.state(table, slotAt + FlowLine.DIRECTION_BYTES) | bits);
    }

    /// Takes state bits back in both directions.
    public void unmark(int slot, int bits) {
        long slotAt = slotAt(slot);
        FlowLine.state(table, slotAt, FlowLine.state(table, slotAt) & ~bits);
        FlowLine.state(table, slotAt + FlowLine.DIRECTION_BYTES,
            FlowLine.state(table, slotAt + FlowLine.DIRECTION_BYTES) & ~bits);
    }

    /// Takes CLOSING and TEARDOWN back: the connection is established again as it was.
    public void revive(int slot) {
        unmark(slot, FlowLine.CLOSING | FlowLine.TEARDOWN);
    }

    public int protocol(int slot) {
        return FlowLine.protocol(Wire.hostI64(table, slotAt(slot) + FlowLine.SELECTOR));
    }

    /// When the last packet of either direction passed.
    public long lastUsedNs(int slot) {
        long slotAt = slotAt(slot);
        return Math.max(FlowLine.lastUsedNs(table, slotAt),
            FlowLine.lastUsedNs(table, slotAt + FlowLine.DIRECTION_BYTES));
    }

    private long hashOf(int direction) {
        return Wire.hostI64(table, lineAt(direction) + FlowLine.HASH);
    }
}
