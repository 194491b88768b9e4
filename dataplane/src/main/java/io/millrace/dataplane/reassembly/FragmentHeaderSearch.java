package io.millrace.dataplane.reassembly;

import io.millrace.packet.header.Icmpv6View;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv6FragmentView;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.header.TcpView;
import io.millrace.packet.header.UdpView;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Finds the fragment header of an IPv6 packet behind whatever extension headers, in the first slot. As Linux's
/// `find_prev_fhdr`. Positions count from the packet's first byte.
final class FragmentHeaderSearch {

    private static final int EXTENSION_BYTES_MIN = 8;
    private static final int NEXT_HEADER = 6;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Ipv6FragmentView fragment;
    private long frameAt;
    private int endAt;
    private int at;
    private int protocol;
    private int protocolAt;

    FragmentHeaderSearch(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.fragment = new Ipv6FragmentView(packets);
    }

    /// True if the packet has one, with all its bytes.
    boolean find(int packet) {
        int l3 = meta.l3(packet);
        frameAt = meta.frameAt(packet);
        endAt = Math.min(meta.slotBytes(packet), meta.packetBytes(packet));
        at = l3 + Ipv6View.HEADER_BYTES;
        protocolAt = l3 + NEXT_HEADER;
        protocol = Wire.u8(memory, frameAt + protocolAt);
        while (protocol != IpProtocol.FRAGMENT) {
            if (!isExtension(protocol) || at + EXTENSION_BYTES_MIN > endAt) return false;
            next();
        }
        return at + Ipv6FragmentView.HEADER_BYTES <= endAt;
    }

    private void next() {
        int units = Wire.u8(memory, frameAt + at + 1);
        int headerBytes = switch (protocol) {
            case IpProtocol.FRAGMENT -> Ipv6FragmentView.HEADER_BYTES;
            case IpProtocol.AUTHENTICATION -> (units + 2) * 4;
            default -> (units + 1) * 8;
        };
        protocolAt = at;
        protocol = Wire.u8(memory, frameAt + at);
        at += headerBytes;
    }

    /// The view of the header found.
    Ipv6FragmentView fragment() { return fragment.at(frameAt + at); }

    int fragmentAt()            { return at; }

    /// Where the byte lies that announces it.
    int announcedAt()           { return protocolAt; }

    /// True if a first fragment ends before its transport header does (RFC 8200 §4.5); extension headers cut short are
    /// no such case, as in Linux.
    boolean isTransportCut() {
        int fragmentAt = at;
        int announcedAt = protocolAt;
        boolean isCut = !fragmentHasOffset() && isCutBehind();
        at = fragmentAt;
        protocolAt = announcedAt;
        protocol = IpProtocol.FRAGMENT;
        return isCut;
    }

    private boolean fragmentHasOffset() {
        return fragment().fragmentOffsetBytes() != 0;
    }

    private boolean isCutBehind() {
        next();
        while (isExtension(protocol) || protocol == IpProtocol.FRAGMENT) {
            if (at + EXTENSION_BYTES_MIN > endAt) return false;
            next();
        }
        int neededBytes = switch (protocol) {
            case IpProtocol.TCP -> TcpView.HEADER_BYTES_MIN;
            case IpProtocol.UDP -> UdpView.HEADER_BYTES;
            case IpProtocol.ICMPV6 -> Icmpv6View.HEADER_BYTES;
            case IpProtocol.NO_NEXT_HEADER -> 0;
            default -> 1;
        };
        return at + neededBytes > endAt;
    }

    private static boolean isExtension(int protocol) {
        return switch (protocol) {
            case IpProtocol.HOP_BY_HOP, IpProtocol.ROUTING, IpProtocol.DESTINATION_OPTIONS,
                 IpProtocol.AUTHENTICATION -> true;
            default -> false;
        };
    }
}
