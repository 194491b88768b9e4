package io.millrace.testkit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Cuts the IP packet of a frame into fragments, by the rules of RFC 791 §3.2 and RFC 8200 §4.5.
///
/// The frames begin with an Ethernet header, tagged or not; link padding is left out. All fragments but the first
/// carry only those IPv4 options that are to be copied.
public final class Fragments {

    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int COPIED = 0x80;

    /// Fragments in order, each but the last with `pieceBytes` (a multiple of 8) of the packet's payload.
    public static List<byte[]> cut(byte[] frame, int pieceBytes) {
        List<byte[]> pieces = new ArrayList<>();
        int fragmentableBytes = fragmentableBytes(frame);
        for (int offset = 0; offset < fragmentableBytes; offset += pieceBytes) {
            pieces.add(piece(frame, offset, Math.min(pieceBytes, fragmentableBytes - offset)));
        }
        return pieces;
    }

    /// The fragment that holds `pieceBytes` of the packet's payload from `offsetBytes` on; the last one if it reaches
    /// the end. Of IPv6 with identification 1.
    public static byte[] piece(byte[] frame, int offsetBytes, int pieceBytes) {
        Dissection whole = readable(frame);
        boolean isLast = offsetBytes + pieceBytes == fragmentableBytes(frame);
        if (offsetBytes % 8 != 0 || !isLast && pieceBytes % 8 != 0) {
            throw new IllegalArgumentException("a fragment begins and, unless it is the last, ends at a multiple of 8,"
                + " got " + offsetBytes + " to " + (offsetBytes + pieceBytes));
        }
        return whole.ipVersion == 4
            ? ipv4Piece(whole, offsetBytes, pieceBytes, isLast)
            : ipv6Piece(whole, offsetBytes, pieceBytes, isLast);
    }

    /// What the fragments share out, put together again. They may come in any order; refuses a gap or an overlap.
    public static byte[] join(List<byte[]> frames) {
        Octets joined = new Octets();
        List<Dissection> pieces = frames.stream().map(Dissection::ofFrame)
            .sorted(Comparator.comparingInt(piece -> piece.fragmentOffsetBytes)).toList();
        for (Dissection piece : pieces) {
            boolean isInPlace = piece.problem == null && piece.pieceAt != Dissection.NONE
                && piece.fragmentOffsetBytes == joined.count()
                && piece.moreFragments == (piece != pieces.getLast());
            if (!isInPlace) {
                throw new IllegalArgumentException("the fragment from " + joined.count() + " on expected, got\n"
                    + Hex.dump(piece.bytes));
            }
            joined.bytes(Octets.range(piece.bytes, piece.pieceAt, piece.transportEnd - piece.pieceAt));
        }
        return joined.toBytes();
    }

    /// How many bytes of the packet the fragments share out.
    public static int fragmentableBytes(byte[] frame) {
        Dissection whole = readable(frame);
        return whole.transportEnd - (whole.ipVersion == 4 ? whole.transportAt : ipv6FragmentableAt(whole));
    }

    private static byte[] ipv4Piece(Dissection whole, int offsetBytes, int pieceBytes, boolean isLast) {
        byte[] options = Octets.range(whole.bytes, whole.networkAt + 20, whole.transportAt - whole.networkAt - 20);
        byte[] kept = offsetBytes == 0 ? options : copiedOptions(options);
        byte[] header = Octets.concat(Octets.range(whole.bytes, whole.networkAt, 20), kept);
        header[0] = (byte) (0x40 | header.length / 4);
        Octets.u16(header, 2, header.length + pieceBytes);
        Octets.u16(header, 6, (isLast ? 0 : 0x2000) | offsetBytes / 8);
        Octets.u16(header, 10, NaiveChecksum.ipv4(header, 0));
        return Octets.concat(Octets.range(whole.bytes, 0, whole.networkAt), header,
            Octets.range(whole.bytes, whole.transportAt + offsetBytes, pieceBytes));
    }

    private static byte[] copiedOptions(byte[] options) {
        Octets copied = new Octets();
        int at = 0;
        while (at < options.length && options[at] != 0) {
            int optionBytes = options[at] == 1 ? 1 : Octets.u8(options, at + 1);
            if ((options[at] & COPIED) != 0) copied.bytes(Octets.range(options, at, optionBytes));
            at += optionBytes;
        }
        return copied.padTo(4).toBytes();
    }

    private static byte[] ipv6Piece(Dissection whole, int offsetBytes, int pieceBytes, boolean isLast) {
        int fragmentableAt = ipv6FragmentableAt(whole);
        int nextAt = ipv6NextHeaderAt(whole);
        byte[] piece = new Octets()
            .bytes(Octets.range(whole.bytes, 0, fragmentableAt))
            .u8(Octets.u8(whole.bytes, nextAt)).u8(0).u16(offsetBytes | (isLast ? 0 : 1)).u32(1)
            .bytes(Octets.range(whole.bytes, fragmentableAt + offsetBytes, pieceBytes))
            .toBytes();
        piece[nextAt] = FRAGMENT;
        Octets.u16(piece, whole.networkAt + 4, piece.length - whole.networkAt - 40);
        return piece;
    }

    /// Where the field lies that names the first fragmentable header: in the last hop-by-hop or routing header, else
    /// in the IPv6 header.
    private static int ipv6NextHeaderAt(Dissection whole) {
        int nextAt = whole.networkAt + 6;
        int headerAt = whole.networkAt + 40;
        while (Octets.u8(whole.bytes, nextAt) == HOP_BY_HOP || Octets.u8(whole.bytes, nextAt) == ROUTING) {
            nextAt = headerAt;
            headerAt += (Octets.u8(whole.bytes, headerAt + 1) + 1) * 8;
        }
        return nextAt;
    }

    private static int ipv6FragmentableAt(Dissection whole) {
        int nextAt = ipv6NextHeaderAt(whole);
        boolean isFixedHeader = nextAt == whole.networkAt + 6;
        return isFixedHeader ? whole.networkAt + 40 : nextAt + (Octets.u8(whole.bytes, nextAt + 1) + 1) * 8;
    }

    private static Dissection readable(byte[] frame) {
        Dissection whole = Dissection.ofFrame(frame);
        if (whole.transportAt == Dissection.NONE || whole.isFragment()) {
            throw new IllegalArgumentException("a frame with a whole IP packet wanted, got\n" + Hex.dump(frame));
        }
        return whole;
    }

    private Fragments() {}
}
