package io.millrace.dataplane.icmp;

import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// One step after the other over the extension headers of an IPv6 packet (RFC 8200 §4), whatever they hold, as far as
/// they lie in the packet's first slot. Positions count from the packet's first byte.
///
/// Each step goes at least 8 bytes ahead, so a walk ends. A tool of one worker.
final class Ipv6HeaderWalk {

    private static final int EXTENSION_BYTES_MIN = 8;
    private static final int FRAGMENT_OFFSET = 2;
    private static final int NEXT_HEADER = 6;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private long frameAt;
    private int endAt;
    private int at;
    private int protocol;
    private int protocolAt;
    private boolean isFragment;

    Ipv6HeaderWalk(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
    }

    /// Stands on the header behind the fixed one.
    void begin(int packet) {
        frameAt = meta.frameAt(packet);
        endAt = meta.slotBytes(packet);
        int l3 = meta.l3(packet);
        at = l3 + Ipv6View.HEADER_BYTES;
        protocolAt = l3 + NEXT_HEADER;
        protocol = Wire.u8(memory, frameAt + protocolAt);
        isFragment = false;
    }

    /// What the header is that the walk stands on.
    int protocol()      { return protocol; }

    /// Where the byte lies that says so.
    int protocolAt()    { return protocolAt; }

    /// Where the header begins; it may be that nothing of it is present.
    int at()            { return at; }

    /// True if a fragment header was passed that is not atomic.
    boolean isFragment() { return isFragment; }

    /// True if the header that the walk stands on is an extension header with all its bytes present.
    boolean isAtExtension() {
        if (!isExtension(protocol) || protocol == IpProtocol.NO_NEXT_HEADER) return false;
        return at + EXTENSION_BYTES_MIN <= endAt && at + headerBytes() <= endAt;
    }

    /// Length of the extension header that the walk stands on.
    int headerBytes() {
        int units = Wire.u8(memory, frameAt + at + 1);
        return switch (protocol) {
            case IpProtocol.FRAGMENT -> EXTENSION_BYTES_MIN;
            case IpProtocol.AUTHENTICATION -> (units + 2) * 4;
            default -> (units + 1) * 8;
        };
    }

    /// Goes behind the extension header that the walk stands on.
    void next() {
        int headerBytes = headerBytes();
        if (protocol == IpProtocol.FRAGMENT && Wire.u16(memory, frameAt + at + FRAGMENT_OFFSET) != 0) isFragment = true;
        protocolAt = at;
        protocol = Wire.u8(memory, frameAt + at);
        at += headerBytes;
    }

    /// True if the walk stands on the fragment header of a piece that is not the first.
    boolean isAtLaterFragment() {
        return protocol == IpProtocol.FRAGMENT && (Wire.u16(memory, frameAt + at + FRAGMENT_OFFSET) & 0xfff8) != 0;
    }

    /// True if the walk stands on a fragment header around a whole packet (RFC 6946).
    boolean isAtAtomicFragment() {
        return protocol == IpProtocol.FRAGMENT && (Wire.u16(memory, frameAt + at + FRAGMENT_OFFSET) & 0xfff9) == 0;
    }

    /// Goes to the first header that is no extension header, or to the fragment header of a later fragment. False if
    /// the packet ends before. As lenient as Linux's `ipv6_skip_exthdr`: a header counts as passed if its length is
    /// present.
    boolean findTransport(int packet) {
        begin(packet);
        while (isExtension(protocol)) {
            int neededBytes = protocol == IpProtocol.FRAGMENT ? FRAGMENT_OFFSET + 2 : 2;
            if (protocol == IpProtocol.NO_NEXT_HEADER || at + neededBytes > endAt) return false;
            if (isAtLaterFragment()) return true;
            next();
        }
        return true;
    }

    private static boolean isExtension(int protocol) {
        return switch (protocol) {
            case IpProtocol.HOP_BY_HOP, IpProtocol.ROUTING, IpProtocol.DESTINATION_OPTIONS, IpProtocol.FRAGMENT,
                 IpProtocol.AUTHENTICATION, IpProtocol.NO_NEXT_HEADER -> true;
            default -> false;
        };
    }
}
