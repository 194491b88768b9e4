package io.millrace.dataplane.fragment;

import io.millrace.dataplane.account.Ledger;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.PacketReader;
import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.memory.Verdict;

import static io.millrace.packet.memory.PacketMemory.FRAME_BYTES_MAX;
import static io.millrace.packet.memory.PacketMemory.NONE;

/// The pieces that one packet is being cut into: new packets, each with a copy of the packet's headers, of a part of
/// its payload and of its metadata. All of them are given on or none.
final class PieceCopies {

    /// Most pieces of one packet: 65,475 bytes of payload behind a header of 60 bytes, 8 in a piece at an MTU of 68.
    private static final int PIECES_MAX = 8192;

    private final PacketPool pool;
    private final Ledger ledger;
    private final PacketMeta meta;
    private final PacketReader reader;
    private final int[] pieces = new int[PIECES_MAX];
    private int count;

    PieceCopies(PacketPool pool, Ledger ledger) {
        this.pool = pool;
        this.ledger = ledger;
        this.meta = new PacketMeta(pool.packets());
        this.reader = new PacketReader(pool.packets());
    }

    /// A further piece: the packet's first `headBytes` bytes, then `gapBytes` of undefined content, then `pieceBytes`
    /// from `from` on. `NONE` if packet memory ran out: then the packet was dropped, and all its pieces with it.
    int add(int packet, int headBytes, int gapBytes, int from, int pieceBytes) {
        int frontBytes = headBytes + gapBytes;
        int piece = allocate(packet, frontBytes + pieceBytes);
        if (piece == NONE) {
            giveUp(packet);
            return NONE;
        }
        reader.from(packet, 0).copy(meta.frameAt(piece), headBytes);
        reader.from(packet, from);
        int leftBytes = pieceBytes;
        int usedBytes = frontBytes;
        for (int slot = piece; leftBytes > 0; slot = meta.next(slot)) {
            int partBytes = Math.min(leftBytes, meta.slotBytes(slot) - usedBytes);
            reader.copy(meta.frameAt(slot) + usedBytes, partBytes);
            leftBytes -= partBytes;
            usedBytes = 0;
        }
        pieces[count++] = piece;
        return piece;
    }

    /// A chain of slots with room for `frameBytes` and the packet's metadata, or `NONE`.
    private int allocate(int packet, int frameBytes) {
        int first = pool.allocate();
        if (first == NONE) return NONE;
        meta.begin(first, Math.min(frameBytes, FRAME_BYTES_MAX), 0, 0, 0);
        meta.copyFrom(packet, first);
        forgetOrigin(first);
        int last = first;
        for (int leftBytes = frameBytes - FRAME_BYTES_MAX; leftBytes > 0; leftBytes -= FRAME_BYTES_MAX) {
            int slot = pool.allocate();
            if (slot == NONE) {
                pool.release(first);
                return NONE;
            }
            meta.begin(slot, Math.min(leftBytes, FRAME_BYTES_MAX), 0, 0, 0);
            meta.next(last, slot);
            meta.last(first, slot);
            last = slot;
        }
        meta.packetBytes(first, frameBytes);
        return first;
    }

    /// What was known of the whole is not so of a piece.
    private void forgetOrigin(int piece) {
        meta.checksumState(piece, ChecksumState.NONE);
        meta.fragmentBytesMax(piece, 0);
        meta.fragmentsHadDf(piece, false);
        meta.pieceBytes(piece, 0);
    }

    private void giveUp(int packet) {
        for (int i = 0; i < count; i++) {
            pool.release(pieces[i]);
        }
        count = 0;
        ledger.drop(packet, Verdict.NO_SLOT);
    }

    /// Says of a piece that it is one.
    void mark(int piece, boolean isFirst) {
        int flags = meta.flags(piece) & ~ParseFlags.FIRST_FRAGMENT | ParseFlags.FRAGMENT;
        meta.flags(piece, isFirst ? flags | ParseFlags.FIRST_FRAGMENT : flags);
    }

    /// Gives the pieces to the sink instead of the packet; returns how many.
    int give(int packet, PieceSink sink) {
        pool.release(packet);
        ledger.split(count);
        int givenCount = count;
        for (int i = 0; i < givenCount; i++) {
            sink.accept(pieces[i]);
        }
        count = 0;
        return givenCount;
    }
}
