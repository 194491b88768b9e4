package io.millrace.nic.system;

import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.packet.header.TcpView;
import io.millrace.packet.header.UdpView;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// `struct virtio_net_hdr`, which lies before each frame that the kernel gives or takes, translated to and from a
/// packet's metadata (`linux/virtio_net.h`).
///
/// ```
///  0 u8 flags   1 u8 GSO type   2 u16 bytes of headers   4 u16 GSO size   6 u16 checksum start   8 u16 checksum offset
/// ```
///
/// | kernel                             | metadata                                                  |
/// |------------------------------------|-----------------------------------------------------------|
/// | `NEEDS_CSUM`, start, offset        | PARTIAL(start, offset)                                    |
/// | `DATA_VALID`                       | UNNECESSARY(1)                                            |
/// | `TCPV4`, `TCPV6`, `UDP`, `UDP_L4`  | the bit of [GsoType] of that name; `DODGY` when received  |
/// | `ECN`                              | `TCP_ECN`                                                 |
///
/// Numbers are in the machine's byte order; start counts from the frame's first byte.
public final class VnetHeader {

    public static final int BYTES = 10;

    private static final int FLAGS = 0;
    private static final int TYPE = 1;
    private static final int HEADER_BYTES = 2;
    private static final int GSO_SIZE = 4;
    private static final int CHECKSUM_START = 6;
    private static final int CHECKSUM_OFFSET = 8;

    private static final int NEEDS_CSUM = 1;
    private static final int DATA_VALID = 2;

    private static final int TYPE_NONE = 0;
    private static final int TYPE_TCPV4 = 1;
    private static final int TYPE_UDP = 3;
    private static final int TYPE_TCPV6 = 4;
    private static final int TYPE_UDP_L4 = 5;
    private static final int TYPE_ECN = 0x80;

    /// What the header can say of a super-packet, apart from what is noted of its origin.
    private static final int EXPRESSIBLE = GsoType.TCPV4 | GsoType.TCPV6 | GsoType.TCP_ECN | GsoType.UDP
        | GsoType.UDP_L4 | GsoType.DODGY;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final ChecksumRecord record;
    private final TcpView tcp;

    public VnetHeader(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.record = new ChecksumRecord(packets);
        this.tcp = new TcpView(packets);
    }

    /// Takes over what the header at `at` says of a packet whose lengths are set and of which nothing else is known.
    /// False if it cannot be so: an unknown type, a size of 0, a field outside of the packet's first slot.
    public boolean take(int packet, long at) {
        int flags = Wire.u8(memory, at + FLAGS);
        int type = Wire.u8(memory, at + TYPE);
        if ((flags & NEEDS_CSUM) != 0) {
            int start = Wire.hostU16(memory, at + CHECKSUM_START);
            if (!record.partial(packet, start, Wire.hostU16(memory, at + CHECKSUM_OFFSET))) return false;
        } else if ((flags & DATA_VALID) != 0) {
            record.unnecessary(packet, 1);
        }
        return type == TYPE_NONE || takeSegments(packet, type, Wire.hostU16(memory, at + GSO_SIZE));
    }

    private boolean takeSegments(int packet, int type, int size) {
        int bits = bitsOf(type & ~TYPE_ECN);
        if (bits == 0 || size == 0 || size == GsoType.BY_SLOTS) return false;
        meta.gsoType(packet, bits | GsoType.DODGY | ((type & TYPE_ECN) != 0 ? GsoType.TCP_ECN : 0));
        meta.gsoSize(packet, size);
        return true;
    }

    /// True if the header can say what is still to be done to the packet: a checksum that is no CRC32c, segments of
    /// plain TCP or UDP.
    public boolean canSay(int packet) {
        if (record.isCrc32c(packet)) return false;
        int size = meta.gsoSize(packet);
        if (size == 0) return true;
        int type = meta.gsoType(packet);
        return size != GsoType.BY_SLOTS && (type & ~EXPRESSIBLE) == 0 && typeOf(type) != TYPE_NONE;
    }

    /// Writes the header of a packet to `at` in `target`.
    public void put(int packet, MemorySegment target, long at) {
        boolean isPartial = record.state(packet) == ChecksumState.PARTIAL;
        int size = meta.gsoSize(packet);
        int flags = isPartial ? NEEDS_CSUM : record.state(packet) == ChecksumState.UNNECESSARY ? DATA_VALID : 0;
        Wire.u8(target, at + FLAGS, flags);
        Wire.u8(target, at + TYPE, size == 0 ? TYPE_NONE : typeOf(meta.gsoType(packet)));
        Wire.hostU16(target, at + HEADER_BYTES, headerBytes(packet, isPartial && size != 0));
        Wire.hostU16(target, at + GSO_SIZE, size);
        Wire.hostU16(target, at + CHECKSUM_START, isPartial ? record.start(packet) : 0);
        Wire.hostU16(target, at + CHECKSUM_OFFSET, isPartial ? record.fieldAt(packet) - record.start(packet) : 0);
    }

    /// How much the kernel had better keep in one piece; of 0 it makes the whole frame, which for 64 KB asks its
    /// allocator for a lot.
    private int headerBytes(int packet, boolean isTransportKnown) {
        if (!meta.isChain(packet)) return 0;
        int slotBytes = meta.slotBytes(packet);
        if (!isTransportKnown) return slotBytes;
        int start = record.start(packet);
        boolean isTcp = (meta.gsoType(packet) & GsoType.ANY_TCP) != 0;
        if (!isTcp) return Math.min(slotBytes, start + UdpView.HEADER_BYTES);
        if (start + TcpView.HEADER_BYTES_MIN > slotBytes) return slotBytes;
        return Math.min(slotBytes, start + tcp.at(meta.frameAt(packet) + start).headerBytes());
    }

    private static int bitsOf(int type) {
        return switch (type) {
            case TYPE_TCPV4 -> GsoType.TCPV4;
            case TYPE_TCPV6 -> GsoType.TCPV6;
            case TYPE_UDP -> GsoType.UDP;
            case TYPE_UDP_L4 -> GsoType.UDP_L4;
            default -> 0;
        };
    }

    private static int typeOf(int bits) {
        int ecn = (bits & GsoType.TCP_ECN) != 0 ? TYPE_ECN : 0;
        if ((bits & GsoType.TCPV4) != 0) return TYPE_TCPV4 | ecn;
        if ((bits & GsoType.TCPV6) != 0) return TYPE_TCPV6 | ecn;
        if ((bits & GsoType.UDP_L4) != 0) return TYPE_UDP_L4;
        return (bits & GsoType.UDP) != 0 ? TYPE_UDP : TYPE_NONE;
    }
}
