package io.millrace.packet.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// One off-heap reservation cut into equal slots. A *packet* is the number of its slot.
///
/// ```
///  slot 0                            slot 1
///  +------+----------+--------+----+ +------+----------+--------+----+ +---
///  | meta | headroom | frame  |    | | meta | headroom | frame  |    | | ...
///  | 128  | 128      | 1,792  | 64 | |      |          |        |    | |
///  +------+----------+--------+----+ +------+----------+--------+----+ +---
///  ^ at(0)                           ^ at(1) = STRIDE_BYTES
/// ```
///
/// The slots are the chunks of an AF_XDP UMEM (2,048 bytes, 256 of them before the frame: `XDP_PACKET_HEADROOM`), and a
/// slot's offset is a UMEM address. They lie a cache line apart, as `XDP_UMEM_UNALIGNED_CHUNK_FLAG` allows: chunks that
/// touched would all begin in the same two sets of a processor's first cache.
/// A frame longer than [#FRAME_BYTES_MAX] is a chain of slots, see [PacketMeta].
///
/// The segment is bounded and every access to it is checked: a malformed packet cannot make anything read or
/// write outside the reservation.
public final class PacketMemory {

    /// Bytes of a slot that a packet may use.
    public static final int CHUNK_BYTES = 2048;

    /// From one slot to the next: an odd number of cache lines.
    public static final int STRIDE_BYTES = CHUNK_BYTES + 64;

    public static final int META_BYTES = 128;      // two cache lines, see PacketMeta
    public static final int HEADROOM_BYTES = 128;  // room for VXLAN over IPv6 plus two VLAN tags
    public static final int FRAME_AT = META_BYTES + HEADROOM_BYTES;
    public static final int FRAME_BYTES_MAX = CHUNK_BYTES - FRAME_AT;

    /// No packet: the end of a chain, an empty pool.
    public static final int NONE = -1;

    /// Behind the reach of a masked slot lies this much: more than a frame's offset in its slot and a header.
    private static final int GUARD_BYTES = 1 << 17;

    private final MemorySegment guarded;
    private final MemorySegment segment;
    private final int slotCount;

    /// The arena decides the lifetime: `Arena.global()` in a process, a confined one in tests.
    public PacketMemory(Arena arena, int slotCount) {
        Check.that(slotCount > 0, "slotCount must be positive", slotCount);
        this.slotCount = slotCount;
        long slotsBytes = (long) slotCount * STRIDE_BYTES;
        this.guarded = Reservation.of(arena, reachBytes(slotsBytes) + GUARD_BYTES);
        this.segment = guarded.asSlice(0, slotsBytes);
    }

    public MemorySegment segment() {
        return segment;
    }

    /// The same with addresses behind the last slot that belong to no packet, pages that are never touched. With them
    /// the JIT can prove, of an access to a header at the end of any slot, that it stays in bounds, and leaves out the
    /// check: whoever wants that masks where a slot begins with [#reachMask].
    public MemorySegment guarded() {
        return guarded;
    }

    /// Ones as far as any slot's begin goes: changes nothing there, and tells the JIT how large it can be.
    public long reachMask() {
        return reachBytes((long) slotCount * STRIDE_BYTES) - 1;
    }

    private static long reachBytes(long byteCount) {
        return Long.highestOneBit(byteCount - 1) << 1;
    }

    public int slotCount() {
        return slotCount;
    }

    public long slotAt(int packet) {
        assert packet >= 0 : packet;
        assert packet < slotCount : packet;
        return at(packet);
    }

    /// Where the packet's slot begins in the segment, of whichever memory it is.
    public static long at(int packet) {
        return (long) packet * STRIDE_BYTES;
    }

    /// Slots that `frameBytes` need, at least 1.
    public static int slotsFor(int frameBytes) {
        return frameBytes <= FRAME_BYTES_MAX ? 1 : (frameBytes + FRAME_BYTES_MAX - 1) / FRAME_BYTES_MAX;
    }
}
