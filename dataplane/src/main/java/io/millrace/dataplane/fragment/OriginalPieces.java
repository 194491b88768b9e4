package io.millrace.dataplane.fragment;

import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// How a packet that was put together from fragments came: their payloads' lengths, in order. A tool of one worker.
public final class OriginalPieces {

    private static final int UNIT_MASK = 7;

    private final PacketPool pool;
    private final PacketMeta meta;
    private int slot;

    public OriginalPieces(PacketPool pool) {
        this.pool = pool;
        this.meta = new PacketMeta(pool.packets());
    }

    /// Stands in front of the first.
    void begin(int packet) {
        slot = packet;
    }

    /// The next one's bytes; 0 behind the last.
    int nextBytes() {
        while (slot != NONE) {
            int pieceBytes = meta.pieceBytes(slot);
            slot = meta.next(slot);
            if (pieceBytes != 0) return pieceBytes;
        }
        return 0;
    }

    /// True if the packet may leave in the pieces it came in: none has more than `bytesMax`, and only the last ends
    /// within a unit of 8 bytes.
    ///
    /// @param firstBytes what the first piece has behind the headers that every piece will have
    boolean fit(int packet, int firstBytes, int bytesMax) {
        if (firstBytes <= 0) return false;
        begin(packet);
        nextBytes();
        int pieceBytes = firstBytes;
        while (pieceBytes != 0) {
            int followingBytes = nextBytes();
            if (pieceBytes > bytesMax) return false;
            if (followingBytes != 0 && (pieceBytes & UNIT_MASK) != 0) return false;
            pieceBytes = followingBytes;
        }
        return true;
    }

    /// Makes it a packet like any other: forgets how it came, and takes back slots that hold nothing.
    public void forget(int packet) {
        meta.fragmentBytesMax(packet, 0);
        meta.fragmentsHadDf(packet, false);
        meta.pieceBytes(packet, 0);
        int last = packet;
        int following = meta.next(packet);
        while (following != NONE) {
            int next = meta.next(following);
            meta.pieceBytes(following, 0);
            if (meta.slotBytes(following) == 0) {
                meta.next(following, NONE);
                pool.release(following);
            } else {
                meta.next(last, following);
                last = following;
            }
            following = next;
        }
        meta.next(last, NONE);
        meta.last(packet, last == packet ? NONE : last);
    }
}
