package io.millrace.dataplane.fragment;

import io.millrace.checksum.Ipv4Checksum;
import io.millrace.dataplane.account.Ledger;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

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
/// A packet that was put together here from fragments leaves in the same ones if they fit, without DF; else in pieces
/// no longer than the longest of them, with DF if that had it.
///
/// All pieces keep the identification. A packet that is a piece itself is cut further: offsets go on from its own, and
/// the last piece keeps its MF. Pieces are new slots with a copy of the bytes and of the metadata (a chain where the
/// MTU is beyond one slot); nothing is shared with the packet, whose slots are released. A tool of one worker.
public final class Ipv4Fragmenter {

    private static final int OPTION_END = 0;
    private static final int OPTION_NOP = 1;
    private static final int OPTION_COPIED = 0x80;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Ipv4View ip;
    private final PieceCopies copies;
    private final OriginalPieces originals;

    public Ipv4Fragmenter(PacketPool pool, Ledger ledger) {
        this.memory = pool.packets().segment();
        this.meta = new PacketMeta(pool.packets());
        this.ip = new Ipv4View(pool.packets());
        this.copies = new PieceCopies(pool, ledger);
        this.originals = new OriginalPieces(pool);
    }

    /// Cuts the packet and gives the pieces to the sink; the packet itself is gone afterwards. Returns how many there
    /// are: 0 if packet memory ran out. Then the packet was dropped as `NO_SLOT` and nothing was given, because a
    /// datagram without one of its pieces is of no use to anybody.
    ///
    /// The packet's metadata says where the IPv4 header lies (`l3`); the header is valid, the packet trimmed to its
    /// length, DF clear unless it was put together here, the transport checksum not left to a device (`PARTIAL`).
    public int fragment(int packet, int mtuBytes, PieceSink sink) {
        int l3 = meta.l3(packet);
        ip.at(meta.frameAt(packet) + l3);
        int originalBytesMax = meta.fragmentBytesMax(packet);
        assert !ip.dontFragment() || originalBytesMax != 0;
        assert meta.checksumState(packet) != ChecksumState.PARTIAL;
        int headerBytes = ip.headerBytes();
        int payloadBytes = ip.totalBytes() - headerBytes;
        int roomBytes = (originalBytesMax == 0 ? mtuBytes : Math.min(mtuBytes, originalBytesMax)) - headerBytes;
        int pieceBytesMax = roomBytes & ~7;
        assert pieceBytesMax > 0 : mtuBytes;
        boolean isAsItCame = originalBytesMax != 0 && originals.fit(packet, meta.pieceBytes(packet), roomBytes);
        int flagsAndOffset = ip.flagsAndOffset() & ~Ipv4View.DONT_FRAGMENT;
        if (!isAsItCame && meta.fragmentsHadDf(packet)) flagsAndOffset |= Ipv4View.DONT_FRAGMENT;
        originals.begin(packet);
        int doneBytes = 0;
        while (doneBytes < payloadBytes) {
            int leftBytes = payloadBytes - doneBytes;
            int pieceBytes = isAsItCame ? originals.nextBytes() : leftBytes <= roomBytes ? leftBytes : pieceBytesMax;
            int headBytes = l3 + headerBytes;
            int piece = copies.add(packet, headBytes, 0, headBytes + doneBytes, pieceBytes);
            if (piece == NONE) return 0;
            setHeader(piece, flagsAndOffset, doneBytes, pieceBytes, pieceBytes < leftBytes);
            doneBytes += pieceBytes;
        }
        return copies.give(packet, sink);
    }

    private void setHeader(int piece, int flagsAndOffset, int doneBytes, int pieceBytes, boolean isFollowed) {
        int l3 = meta.l3(piece);
        long headerAt = meta.frameAt(piece) + l3;
        ip.at(headerAt);
        int firstOffset = flagsAndOffset & Ipv4View.FRAGMENT_OFFSET_MASK;
        int offset = firstOffset + doneBytes / 8;
        int more = isFollowed ? Ipv4View.MORE_FRAGMENTS : flagsAndOffset & Ipv4View.MORE_FRAGMENTS;
        ip.flagsAndOffset(flagsAndOffset & Ipv4View.DONT_FRAGMENT | more | offset & Ipv4View.FRAGMENT_OFFSET_MASK);
        ip.totalBytes(ip.headerBytes() + pieceBytes);
        if (firstOffset == 0 && doneBytes > 0) blankOptions(headerAt, ip.headerBytes());
        Ipv4Checksum.fill(memory, headerAt);
        meta.end(piece, l3 + ip.totalBytes());
        copies.mark(piece, offset == 0);
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
