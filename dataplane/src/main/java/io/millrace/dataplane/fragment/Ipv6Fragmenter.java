package io.millrace.dataplane.fragment;

import io.millrace.dataplane.account.Ledger;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv6FragmentView;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// Cuts an IPv6 packet that was put together here from fragments into fragments again (RFC 8200 §4.5), as Linux's
/// `ip6_fragment` does: in those it came in where they fit, else in pieces of the longest one's length, at least 1,280.
///
/// ```
///  | link | IPv6 | per-hop headers | payload ........................................... |
///
///  | link | IPv6 | per-hop headers | fragment header | payload, a multiple of 8 bytes |     offset 0, M
///  | link | IPv6 | per-hop headers | fragment header | .. |                                 offset n
/// ```
///
/// Per-hop are hop-by-hop options, routing headers, and destination options in front of or without a routing header.
/// The identification is the one they came with unless NAT has changed an address ([Ipv6FragmentId]). The contract is
/// that of [Ipv4Fragmenter].
public final class Ipv6Fragmenter {

    private static final int NEXT_HEADER = 6;
    private static final int EXTENSION_BYTES_MIN = 8;
    private static final int UNIT_MASK = 7;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Ledger ledger;
    private final Ipv6View ip;
    private final Ipv6FragmentView fragment;
    private final PieceCopies copies;
    private final OriginalPieces originals;
    private int perHopBytes;     // of the packet at hand: what every piece has in front of its fragment header
    private int announcedAt;     // and where the byte lies that announces it, both from the IPv6 header's first byte

    public Ipv6Fragmenter(PacketPool pool, Ledger ledger) {
        this.memory = pool.packets().segment();
        this.meta = new PacketMeta(pool.packets());
        this.ledger = ledger;
        this.ip = new Ipv6View(pool.packets());
        this.fragment = new Ipv6FragmentView(pool.packets());
        this.copies = new PieceCopies(pool, ledger);
        this.originals = new OriginalPieces(pool);
    }

    /// Cuts the packet and gives the pieces to the sink; the packet itself is gone afterwards. Returns how many there
    /// are, 0 if the packet was dropped: `NO_SLOT`, or `PACKET_TOO_BIG` where its headers leave no room for payload.
    ///
    /// The packet's `fragmentBytesMax` is set and no more than the MTU.
    public int fragment(int packet, PieceSink sink) {
        assert meta.fragmentBytesMax(packet) != 0;
        assert meta.checksumState(packet) != ChecksumState.PARTIAL;
        int l3 = meta.l3(packet);
        long at = meta.frameAt(packet) + l3;
        int identification = Ipv6FragmentId.bound(ip.at(at), meta.fragmentId(packet));
        findPerHopHeaders(packet, at);
        int payloadBytes = ip.totalBytes() - perHopBytes;
        int frontBytes = perHopBytes + Ipv6FragmentView.HEADER_BYTES;
        int roomBytes = Math.max(meta.fragmentBytesMax(packet), Ipv6View.MTU_MIN) - frontBytes;
        if (roomBytes <= UNIT_MASK) {
            ledger.drop(packet, Verdict.PACKET_TOO_BIG);
            return 0;
        }
        int firstBytes = firstBytes(packet);
        boolean isAsItCame = originals.fit(packet, firstBytes, roomBytes);
        originals.begin(packet);
        int doneBytes = 0;
        while (doneBytes < payloadBytes) {
            int leftBytes = payloadBytes - doneBytes;
            int pieceBytes = leftBytes <= roomBytes ? leftBytes : roomBytes & ~UNIT_MASK;
            if (isAsItCame) {
                int originalBytes = originals.nextBytes();
                pieceBytes = doneBytes == 0 ? firstBytes : originalBytes;
            }
            int headBytes = l3 + perHopBytes;
            int piece = copies.add(packet, headBytes, Ipv6FragmentView.HEADER_BYTES, headBytes + doneBytes, pieceBytes);
            if (piece == NONE) return 0;
            int more = pieceBytes < leftBytes ? Ipv6FragmentView.MORE_FRAGMENTS : 0;
            setHeaders(piece, frontBytes + pieceBytes, doneBytes | more, identification);
            doneBytes += pieceBytes;
        }
        return copies.give(packet, sink);
    }

    /// Bytes of the first fragment behind the per-hop headers. More may count as such now than did for its sender.
    private int firstBytes(int packet) {
        int piecesBytes = 0;
        originals.begin(packet);
        for (int bytes = originals.nextBytes(); bytes != 0; bytes = originals.nextBytes()) piecesBytes += bytes;
        int senderPerHopBytes = ip.totalBytes() - piecesBytes;
        return meta.pieceBytes(packet) + senderPerHopBytes - perHopBytes;
    }

    /// As Linux's `ip6_find_1stfragopt`, as far as headers lie in the first slot.
    private void findPerHopHeaders(int packet, long at) {
        int presentBytes = meta.slotBytes(packet) - meta.l3(packet);
        boolean hasRouting = false;
        perHopBytes = Ipv6View.HEADER_BYTES;
        announcedAt = NEXT_HEADER;
        while (perHopBytes + EXTENSION_BYTES_MIN <= presentBytes) {
            int kind = Wire.u8(memory, at + announcedAt);
            boolean isPerHop = kind == IpProtocol.HOP_BY_HOP || kind == IpProtocol.ROUTING
                || kind == IpProtocol.DESTINATION_OPTIONS && !hasRouting;
            int headerBytes = (Wire.u8(memory, at + perHopBytes + 1) + 1) * 8;
            if (!isPerHop || perHopBytes + headerBytes > presentBytes) return;
            hasRouting |= kind == IpProtocol.ROUTING;
            announcedAt = perHopBytes;
            perHopBytes += headerBytes;
        }
    }

    private void setHeaders(int piece, int totalBytes, int offsetAndFlags, int identification) {
        int l3 = meta.l3(piece);
        long at = meta.frameAt(piece) + l3;
        ip.at(at).payloadBytes(totalBytes - Ipv6View.HEADER_BYTES);
        fragment.at(at + perHopBytes);
        fragment.nextHeader(Wire.u8(memory, at + announcedAt));
        fragment.reserved(0);
        fragment.offsetAndFlags(offsetAndFlags);
        fragment.identification(identification);
        Wire.u8(memory, at + announcedAt, IpProtocol.FRAGMENT);
        meta.end(piece, l3 + totalBytes);
        copies.mark(piece, (offsetAndFlags & Ipv6FragmentView.FRAGMENT_OFFSET_MASK) == 0);
    }
}
