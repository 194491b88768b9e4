package io.millrace.dataplane.forward;

import io.millrace.packet.header.TcpView;
import io.millrace.packet.header.UdpView;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// Whether a packet fits a link. Of a super-packet it is the segments that must fit, as they will be once it is cut:
/// Linux's `skb_gso_validate_network_len`.
///
/// Offsets come from the parser: `l3`, `l4`, and in a tunnel the inner `l4`.
final class MtuCheck {

    private static final int SCTP_HEADER_BYTES = 12;

    private final PacketMeta meta;
    private final TcpView tcp;

    MtuCheck(PacketMemory packets) {
        this.meta = new PacketMeta(packets);
        this.tcp = new TcpView(packets);
    }

    /// @param ipBytes of the whole packet, IP header included
    boolean fits(int packet, int ipBytes, int mtuBytes) {
        if (ipBytes <= mtuBytes) return true;
        int size = meta.gsoSize(packet);
        if (size == 0) return false;
        int headerBytes = headerEnd(packet) - meta.l3(packet);
        if (size != GsoType.BY_SLOTS) return headerBytes + size <= mtuBytes;
        for (int slot = meta.next(packet); slot != NONE; slot = meta.next(slot)) {
            if (headerBytes + meta.slotBytes(slot) > mtuBytes) return false;
        }
        return true;
    }

    /// Whether a packet that was put together from fragments may be cut for a link though nobody may cut its fragments:
    /// they all fit.
    boolean mayBeCutAgain(int packet, int mtuBytes) {
        int bytesMax = meta.fragmentBytesMax(packet);
        return bytesMax != 0 && bytesMax <= mtuBytes;
    }

    /// Where what every segment has in front of its payload ends.
    private int headerEnd(int packet) {
        int type = meta.gsoType(packet);
        int l4 = (type & GsoType.ANY_TUNNEL) != 0 ? meta.innerL4(packet) : meta.l4(packet);
        if ((type & GsoType.UDP_L4) != 0) return l4 + UdpView.HEADER_BYTES;
        if ((type & GsoType.SCTP) != 0) return l4 + SCTP_HEADER_BYTES;
        boolean isTcp = (type & GsoType.ANY_TCP) != 0 && l4 + TcpView.HEADER_BYTES_MIN <= meta.slotBytes(packet);
        // Pieces of one datagram (UFO) have an IP header each, and the size counts all behind it.
        return isTcp ? l4 + tcp.at(meta.frameAt(packet) + l4).headerBytes() : l4;
    }
}
