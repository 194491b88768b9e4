package io.millrace.dataplane.reassembly;

import io.millrace.packet.memory.Reservation;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The fragments of the datagrams that wait, in the order of their offsets. A *piece* is the number of a record of 32
/// bytes outside the heap. Pieces that came in order and touch make a *run*, named by its first piece; runs do not
/// overlap, and never become one later. This is Linux's `inet_frag_queue_insert`, whose answer depends on the runs:
///
/// - a piece that lies within one run is a duplicate
/// - one that overlaps a run in any other way spoils the datagram (RFC 5722, and of IPv4 the same)
///
/// ```
///  pieces  0──▶1──▶2──▶5──▶6──▶9        all of a datagram, in order
///  runs   [0   1   2] [5   6] [9]       in a tree by offset: a treap, its priorities secret, so that no order of
///                                       arrival makes it deep
///   0 packet   4 offset u16   6 payload at u16   8 end   12 next piece   16, 20 runs below and above
///  24 end of the run   28 last piece of the run
/// ```
final class FragmentRuns {

    static final int NONE = -1;

    enum Place { PLACED, DUPLICATE, OVERLAP }

    private static final int RECORD_BYTES = 32;
    private static final int PACKET = 0;
    private static final int OFFSET = 4;
    private static final int PAYLOAD_AT = 6;
    private static final int END = 8;
    private static final int NEXT = 12;
    private static final int BELOW = 16;
    private static final int ABOVE = 20;
    private static final int RUN_END = 24;
    private static final int RUN_LAST = 28;

    private final MemorySegment memory;
    private final FragmentQueues queues;
    private final int capacity;
    private final int secret;
    private int free = NONE;
    private int untouched;

    FragmentRuns(Arena arena, FragmentQueues queues, int capacity, long secret) {
        this.memory = Reservation.of(arena, (long) capacity * RECORD_BYTES);
        this.queues = queues;
        this.capacity = capacity;
        this.secret = (int) (secret >>> 16);
    }

    /// Puts a fragment in its place; whether there is a record left is the caller's to know.
    ///
    /// @param payloadAt where the fragment's payload begins in its packet
    /// @param end       behind the payload's last byte, counted as the offset is
    Place place(int queue, int packet, int payloadAt, int offset, int end) {
        int lastRun = queues.lastRun(queue);
        if (lastRun == NONE || runEnd(lastRun) < end) {
            if (lastRun != NONE && offset < runEnd(lastRun)) return Place.OVERLAP;
            int piece = create(packet, payloadAt, offset, end);
            if (lastRun != NONE && offset == runEnd(lastRun)) {
                append(lastRun, piece, end);
            } else {
                insert(queue, piece, lastRun, NONE);
            }
            return Place.PLACED;
        }
        int below = NONE;
        int above = NONE;
        int run = queues.root(queue);
        while (run != NONE) {
            if (end <= offset(run)) {
                above = run;
                run = i32(run, BELOW);
            } else if (offset >= runEnd(run)) {
                below = run;
                run = i32(run, ABOVE);
            } else {
                return offset >= offset(run) && end <= runEnd(run) ? Place.DUPLICATE : Place.OVERLAP;
            }
        }
        insert(queue, create(packet, payloadAt, offset, end), below, above);
        return Place.PLACED;
    }

    private int create(int packet, int payloadAt, int offset, int end) {
        int piece = free;
        if (piece != NONE) {
            free = i32(piece, NEXT);
        } else {
            assert untouched < capacity : capacity;
            piece = untouched++;
        }
        i32(piece, PACKET, packet);
        Wire.hostU16(memory, at(piece) + OFFSET, offset);
        Wire.hostU16(memory, at(piece) + PAYLOAD_AT, payloadAt);
        i32(piece, END, end);
        i32(piece, NEXT, NONE);
        return piece;
    }

    private void append(int run, int piece, int end) {
        i32(i32(run, RUN_LAST), NEXT, piece);
        i32(run, RUN_LAST, piece);
        i32(run, RUN_END, end);
    }

    /// Makes the piece a run between two neighbouring ones.
    private void insert(int queue, int piece, int below, int above) {
        i32(piece, RUN_END, i32(piece, END));
        i32(piece, RUN_LAST, piece);
        i32(piece, NEXT, above);
        if (below == NONE) {
            queues.firstPiece(queue, piece);
        } else {
            i32(i32(below, RUN_LAST), NEXT, piece);
        }
        if (above == NONE) queues.lastRun(queue, piece);
        intoTree(queue, piece);
    }

    /// A treap's insertion: down to where the piece has the higher priority, and that subtree split below it.
    private void intoTree(int queue, int piece) {
        int parent = NONE;
        int side = 0;
        int run = queues.root(queue);
        while (run != NONE && priority(run) >= priority(piece)) {
            parent = run;
            side = offset(piece) < offset(run) ? BELOW : ABOVE;
            run = i32(run, side);
        }
        split(run, piece);
        if (parent == NONE) {
            queues.root(queue, piece);
        } else {
            i32(parent, side, piece);
        }
    }

    private void split(int subtree, int piece) {
        long belowAt = at(piece) + BELOW;
        long aboveAt = at(piece) + ABOVE;
        int run = subtree;
        while (run != NONE) {
            if (offset(run) < offset(piece)) {
                Wire.hostI32(memory, belowAt, run);
                belowAt = at(run) + ABOVE;
                run = i32(run, ABOVE);
            } else {
                Wire.hostI32(memory, aboveAt, run);
                aboveAt = at(run) + BELOW;
                run = i32(run, BELOW);
            }
        }
        Wire.hostI32(memory, belowAt, NONE);
        Wire.hostI32(memory, aboveAt, NONE);
    }

    private int priority(int piece) {
        int mixed = (piece ^ secret) * 0x9e3779b9;
        return (mixed ^ mixed >>> 15) * 0x85ebca6b;
    }

    /// Forgets the piece, and returns the one behind it.
    int release(int piece) {
        int next = i32(piece, NEXT);
        i32(piece, NEXT, free);
        free = piece;
        return next;
    }

    int packet(int piece)    { return i32(piece, PACKET); }
    int offset(int piece)    { return Wire.hostU16(memory, at(piece) + OFFSET); }
    int payloadAt(int piece) { return Wire.hostU16(memory, at(piece) + PAYLOAD_AT); }
    int end(int piece)       { return i32(piece, END); }
    int next(int piece)      { return i32(piece, NEXT); }

    private int runEnd(int run) { return i32(run, RUN_END); }

    private int i32(int piece, int field)             { return Wire.hostI32(memory, at(piece) + field); }
    private void i32(int piece, int field, int value) { Wire.hostI32(memory, at(piece) + field, value); }

    private static long at(int piece) {
        return (long) piece * RECORD_BYTES;
    }
}
