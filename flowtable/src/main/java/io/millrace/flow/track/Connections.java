package io.millrace.flow.track;

import io.millrace.flow.track.machine.Direction;
import io.millrace.flow.track.machine.TcpState;
import io.millrace.flow.tuple.Tuple;
import io.millrace.packet.memory.Reservation;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The memory of all connections: entries of one size, off heap, found by number. Says what is where and nothing else.
///
/// ```
///   0 i32 why the flow table does not have it, a bit each   4 i32 status, see ConnectionStatus
///   8 i64 timeout: when it ends, ns; how long, while not confirmed
///  16 i32 mark    20 i32 generation    24 i32 next by original tuple   28 i32 next by reply tuple
///  32 i32 next by source, or the next free entry        36 u16 zone  38 u8 zone directions  39 u8 pending events
///  40 i32 masquerading interface + 1                    44 i32 flow table's slot + 1
///  48 i64 first packet, ns                              56 i32 hash of the original tuple   60 of the reply tuple
///  64 tuple, original    104 tuple, reply              144 protocol's state, 64 bytes
/// 208 i64 packets, original   216 i64 bytes            224 i64 packets, reply   232 i64 bytes
/// 240 i64 labels, high        248 i64 labels, low
/// ```
///
/// One thread reads and writes. A number with its generation names a connection for ever; a number alone until the
/// entry is free.
public final class Connections {

    public static final int NONE = -1;

    static final int ENTRY_BYTES = 256;
    static final int PROTOCOL_STATE = 144;

    private static final int OBSTACLES = 0;
    private static final int STATUS = 4;
    private static final int TIMEOUT = 8;
    private static final int MARK = 16;
    private static final int GENERATION = 20;
    private static final int NEXT_BY_TUPLE = 24;
    private static final int NEXT_BY_SOURCE = 32;
    private static final int ZONE = 36;
    private static final int ZONE_DIRECTIONS = 38;
    private static final int PENDING = 39;
    private static final int MASQUERADE = 40;
    private static final int FLOW = 44;
    private static final int BEGAN = 48;
    private static final int HASHES = 56;
    private static final int TUPLES = 64;
    private static final int COUNTERS = 208;
    private static final int COUNTER_BYTES = 16;
    private static final int LABELS_HIGH = 240;
    private static final int LABELS_LOW = 248;

    private final MemorySegment memory;
    private final MemorySegment empty;
    private final int entryCount;

    Connections(Arena arena, int entryCount) {
        this.entryCount = entryCount;
        this.memory = Reservation.of(arena, (long) entryCount * ENTRY_BYTES);
        this.empty = arena.allocate(ENTRY_BYTES, Long.BYTES);
    }

    /// Room for copies of entries, for another thread to read. Freed when nobody holds it any more.
    public static Connections copies(int count) {
        return new Connections(Arena.ofAuto(), count);
    }

    /// Copies an entry to a place among copies.
    public void copy(int entry, Connections copies, int place) {
        MemorySegment.copy(memory, at(entry), copies.memory, copies.at(place), ENTRY_BYTES);
    }

    int entryCount() {
        return entryCount;
    }

    MemorySegment memory() {
        return memory;
    }

    long at(int entry) {
        assert entry >= 0 : entry;
        assert entry < entryCount : entry;
        return (long) entry * ENTRY_BYTES;
    }

    /// Makes the entry a connection of which nothing is known but its beginning; its generation goes up.
    void begin(int entry, long nowNs) {
        int generation = generation(entry) + 1;
        MemorySegment.copy(empty, 0, memory, at(entry), ENTRY_BYTES);
        Wire.hostI32(memory, at(entry) + GENERATION, generation);
        Wire.hostI64(memory, at(entry) + BEGAN, nowNs);
        nextByTuple(entry, Direction.ORIGINAL, NONE);
        nextByTuple(entry, Direction.REPLY, NONE);
        nextBySource(entry, NONE);
    }

    /// Bits of [ConnectionStatus].
    public int status(int entry)              { return Wire.hostI32(memory, at(entry) + STATUS); }
    public boolean has(int entry, int status) { return (status(entry) & status) != 0; }
    public void set(int entry, int status)    { Wire.hostI32(memory, at(entry) + STATUS, status(entry) | status); }
    public void unset(int entry, int status)  { Wire.hostI32(memory, at(entry) + STATUS, status(entry) & ~status); }

    /// When the connection ends, ns; how long it lives from its confirmation on, before.
    public long timeoutNs(int entry)             { return Wire.hostI64(memory, at(entry) + TIMEOUT); }
    public void timeoutNs(int entry, long value) { Wire.hostI64(memory, at(entry) + TIMEOUT, value); }

    public int mark(int entry)                { return Wire.hostI32(memory, at(entry) + MARK); }
    void mark(int entry, int value)           { Wire.hostI32(memory, at(entry) + MARK, value); }

    public int generation(int entry)          { return Wire.hostI32(memory, at(entry) + GENERATION); }
    /// When its first packet came.
    public long beganNs(int entry)            { return Wire.hostI64(memory, at(entry) + BEGAN); }

    public int zone(int entry)                { return Wire.hostU16(memory, at(entry) + ZONE); }
    /// The directions that the zone is meant for, a bit each.
    public int zoneDirections(int entry)      { return Wire.u8(memory, at(entry) + ZONE_DIRECTIONS); }

    void zone(int entry, int zone, int directions) {
        Wire.hostU16(memory, at(entry) + ZONE, zone);
        Wire.u8(memory, at(entry) + ZONE_DIRECTIONS, directions);
    }

    int pending(int entry)                    { return Wire.u8(memory, at(entry) + PENDING); }
    void pending(int entry, int value)        { Wire.u8(memory, at(entry) + PENDING, value); }

    /// The interface whose address it masquerades with, or `NONE`.
    public int masquerade(int entry)             { return Wire.hostI32(memory, at(entry) + MASQUERADE) - 1; }
    public void masquerade(int entry, int value) { Wire.hostI32(memory, at(entry) + MASQUERADE, value + 1); }

    /// Its slot in the flow table, or `NONE`. Kept for whoever owns that table.
    public int flow(int entry)                   { return Wire.hostI32(memory, at(entry) + FLOW) - 1; }
    public void flow(int entry, int value)       { Wire.hostI32(memory, at(entry) + FLOW, value + 1); }

    /// Why it is not in the flow table, a bit for each reason. Kept for whoever owns that table.
    public long obstacles(int entry)             { return Wire.hostI32(memory, at(entry) + OBSTACLES); }
    public void obstacles(int entry, long value) { Wire.hostI32(memory, at(entry) + OBSTACLES, (int) value); }

    public long packets(int entry, int direction) { return Wire.hostI64(memory, counterAt(entry, direction)); }
    public long bytes(int entry, int direction)   { return Wire.hostI64(memory, counterAt(entry, direction) + 8); }

    /// Counts packets that somebody else passed on for this connection.
    public void count(int entry, int direction, long packets, long bytes) {
        long at = counterAt(entry, direction);
        Wire.hostI64(memory, at, Wire.hostI64(memory, at) + packets);
        Wire.hostI64(memory, at + 8, Wire.hostI64(memory, at + 8) + bytes);
    }

    public long labelsHigh(int entry)         { return Wire.hostI64(memory, at(entry) + LABELS_HIGH); }
    public long labelsLow(int entry)          { return Wire.hostI64(memory, at(entry) + LABELS_LOW); }

    void labels(int entry, long high, long low) {
        Wire.hostI64(memory, at(entry) + LABELS_HIGH, high);
        Wire.hostI64(memory, at(entry) + LABELS_LOW, low);
    }

    /// Copies the tuple of a direction into `tuple`, which is returned.
    public Tuple tuple(int entry, int direction, Tuple tuple) {
        return tuple.load(memory, tupleAt(entry, direction));
    }

    /// @param hash of the tuple, as the index of tuples takes it
    void storeTuple(int entry, int direction, Tuple tuple, int hash) {
        tuple.store(memory, tupleAt(entry, direction));
        Wire.hostI32(memory, at(entry) + HASHES + 4L * direction, hash);
    }

    /// Reads no more than the entry's first line if the hash is another.
    boolean isTuple(int entry, int direction, Tuple tuple, int hash) {
        return hash == hash(entry, direction) && tuple.isAt(memory, tupleAt(entry, direction));
    }

    int hash(int entry, int direction) {
        return Wire.hostI32(memory, at(entry) + HASHES + 4L * direction);
    }

    public int protocol(int entry) {
        return Tuple.protocolAt(memory, tupleAt(entry, Direction.ORIGINAL));
    }

    int nextByTuple(int entry, int direction) {
        return Wire.hostI32(memory, at(entry) + NEXT_BY_TUPLE + 4L * direction);
    }

    void nextByTuple(int entry, int direction, int node) {
        Wire.hostI32(memory, at(entry) + NEXT_BY_TUPLE + 4L * direction, node);
    }

    int nextBySource(int entry)               { return Wire.hostI32(memory, at(entry) + NEXT_BY_SOURCE); }
    void nextBySource(int entry, int value)   { Wire.hostI32(memory, at(entry) + NEXT_BY_SOURCE, value); }

    /// Where the protocol's state lies.
    long protocolStateAt(int entry) {
        return at(entry) + PROTOCOL_STATE;
    }

    /// Copies what is known of a TCP connection into `state`, which is returned.
    public TcpState tcp(int entry, TcpState state) {
        return state.load(memory, protocolStateAt(entry));
    }

    /// Changes what is known of a TCP connection: windows that a fast path has not followed.
    public void storeTcp(int entry, TcpState state) {
        state.store(memory, protocolStateAt(entry));
    }

    private long tupleAt(int entry, int direction) {
        return at(entry) + TUPLES + (long) Tuple.BYTES * direction;
    }

    private long counterAt(int entry, int direction) {
        return at(entry) + COUNTERS + (long) COUNTER_BYTES * direction;
    }
}
