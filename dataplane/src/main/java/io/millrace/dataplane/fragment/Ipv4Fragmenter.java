package io.millrace.dataplane.fragment;

import io.millrace.checksum.Ipv4Checksum;
import io.millrace.dataplane.account.Ledger;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.PacketReader;
import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.FRAME_BYTES_MAX;
import static io.millrace.packet.memory.PacketMemory.NONE;

/// Cuts an IPv4 packet into pieces that fit an MTU (RFC 791 §3.2), as Linux's `ip_do_fragment` does.
///
/// ```
///  | link | IP header, options | payload .................................................. |
///
///  | link | IP header, options | payload, a multiple of 8 bytes |      offset 0, MF
///  | link | IP header, options without "copied" made NOPs | .... |    offset n, MF
///  | link | IP header, options without "copied" made NOPs | .. |      offset m
/// ```
///
/// All pieces keep the identification. A packet that is a piece itself is cut further: offsets go on from its own, and
/// the last piece keeps its MF. Pieces are new slots with a copy of the bytes and of the metadata (a chain where the
/// MTU is beyond one slot); nothing is shared with the packet, whose slots are released. A tool of one worker.
public final class Ipv4Fragmenter {

    /// Most pieces of one packet: 65,475 bytes of payload behind a header of 60 bytes, 8 in a piece at an MTU of 68.
    private static final int PIECES_MAX = 8192;
    private static final int OPTION_END = 0;
    private static final int OPTION_NOP = 1;
    private static final int OPTION_COPIED = 0x80;

    private final PacketPool pool;
    private final Ledger ledger;
    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Ipv4View ip;
    private final PacketReader reader;
    private final int[] pieces = new int[PIECES_MAX];

    public Ipv4Fragmenter(PacketPool pool, Ledger ledger) {
        this.pool = pool;
        this.ledger = ledger;
        this.memory = pool.packets().segment();
        this.meta = new PacketMeta(pool.packets());
        this.ip = new Ipv4View(pool.packets());
        this.reader = new PacketReader(pool.packets());
    }

    /// Cuts the packet and gives the pieces to the sink; the packet itself is gone afterwards. Returns how many there
    /// are: 0 if packet memory ran out. Then the packet was dropped as `NO_SLOT` and nothing was given, because a
    /// datagram without one of its pieces is of no use to anybody.
    ///
    /// The packet's metadata says where the IPv4 header lies (`l3`); the header is valid, the packet trimmed to its
    /// length, DF clear, the transport checksum not left to a device (`PARTIAL`).
    public int fragment(int packet, int mtuBytes, PieceSink sink) {
        int l3 = meta.l3(packet);
        ip.at(meta.frameAt(packet) + l3);
        int headerBytes = ip.headerBytes();
        int payloadBytes = ip.totalBytes() - headerBytes;
        int pieceBytesMax = mtuBytes - headerBytes & ~7;
        assert pieceBytesMax > 0 : mtuBytes;
        assert !ip.dontFragment();
        assert meta.checksumState(packet) != ChecksumState.PARTIAL;
        int flagsAndOffset = ip.flagsAndOffset();
        int pieceCount = 0;
        int doneBytes = 0;
        while (doneBytes < payloadBytes) {
            int leftBytes = payloadBytes - doneBytes;
            int pieceBytes = headerBytes + leftBytes <= mtuBytes ? leftBytes : pieceBytesMax;
            int piece = allocate(packet, l3 + headerBytes + pieceBytes);
            if (piece == NONE) {
                giveUp(packet, pieceCount);
                return 0;
            }
            fill(packet, piece, headerBytes, doneBytes, pieceBytes);
            setHeader(piece, flagsAndOffset, doneBytes, pieceBytes, pieceBytes < leftBytes);
            pieces[pieceCount++] = piece;
            doneBytes += pieceBytes;
        }
        pool.release(packet);
        ledger.split(pieceCount);
        for (int i = 0; i < pieceCount; i++) {
            sink.accept(pieces[i]);
        }
        return pieceCount;
    }

    /// A chain of slots with room for `frameBytes` and the packet's metadata, or `NONE`.
    private int allocate(int packet, int frameBytes) {
        int first = pool.allocate();
        if (first == NONE) return NONE;
        meta.begin(first, Math.min(frameBytes, FRAME_BYTES_MAX), 0, 0, 0);
        meta.copyFrom(packet, first);
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

    private void giveUp(int packet, int pieceCount) {
        for (int i = 0; i < pieceCount; i++) {
            pool.release(pieces[i]);
        }
        ledger.drop(packet, Verdict.NO_SLOT);
    }

    /// Copies the headers, and `pieceBytes` of payload from `doneBytes` on.
    private void fill(int packet, int piece, int headerBytes, int doneBytes, int pieceBytes) {
        int headBytes = meta.l3(packet) + headerBytes;
        reader.from(packet, 0).copy(meta.frameAt(piece), headBytes);
        reader.from(packet, headBytes + doneBytes);
        int leftBytes = pieceBytes;
        int usedBytes = headBytes;
        for (int slot = piece; leftBytes > 0; slot = meta.next(slot)) {
            int partBytes = Math.min(leftBytes, meta.slotBytes(slot) - usedBytes);
            reader.copy(meta.frameAt(slot) + usedBytes, partBytes);
            leftBytes -= partBytes;
            usedBytes = 0;
        }
    }

    private void setHeader(int piece, int flagsAndOffset, int doneBytes, int pieceBytes, boolean isFollowed) {
        int l3 = meta.l3(piece);
        long headerAt = meta.frameAt(piece) + l3;
        ip.at(headerAt);
        int firstOffset = flagsAndOffset & Ipv4View.FRAGMENT_OFFSET_MASK;
        int offset = firstOffset + doneBytes / 8;
        int more = isFollowed ? Ipv4View.MORE_FRAGMENTS : flagsAndOffset & Ipv4View.MORE_FRAGMENTS;
        ip.flagsAndOffset(more | offset & Ipv4View.FRAGMENT_OFFSET_MASK);
        ip.totalBytes(ip.headerBytes() + pieceBytes);
        if (firstOffset == 0 && doneBytes > 0) blankOptions(headerAt, ip.headerBytes());
        Ipv4Checksum.fill(memory, headerAt);
        meta.end(piece, l3 + ip.totalBytes());
        int flags = meta.flags(piece) & ~ParseFlags.FIRST_FRAGMENT | ParseFlags.FRAGMENT;
        meta.checksumState(piece, ChecksumState.NONE);   // what was known, was known of the whole
        meta.flags(piece, offset == 0 ? flags | ParseFlags.FIRST_FRAGMENT : flags);
    }

    /// Options that belong into the first piece only become NOPs in the others; the header keeps its length.
    private void blankOptions(long headerAt, int headerBytes) {
        int at = Ipv4View.HEADER_BYTES_MIN;
        while (at < headerBytes) {
            int kind = Wire.u8(memory, headerAt + at);
            if (kind == OPTION_END) return;
            if (kind == OPTION_NOP) {
                at++;
                continue;
            }
            int optionBytes = at + 1 < headerBytes ? Wire.u8(memory, headerAt + at + 1) : 0;
            if (optionBytes < 2 || optionBytes > headerBytes - at) return;
            if ((kind & OPTION_COPIED) == 0) fillWithNops(headerAt + at, optionBytes);
            at += optionBytes;
        }
    }

    private void fillWithNops(long at, int byteCount) {
        for (int i = 0; i < byteCount; i++) {
            Wire.u8(memory, at + i, OPTION_NOP);
        }
    }
}
