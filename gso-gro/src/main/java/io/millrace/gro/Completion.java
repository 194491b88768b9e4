package io.millrace.gro;

import io.millrace.checksum.IncrementalUpdate;
import io.millrace.checksum.InternetChecksum;
import io.millrace.checksum.PseudoHeader;
import io.millrace.packet.header.GreView;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.TcpFlags;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Makes a super-packet of merged segments: the first one's headers with the lengths and flags of all, transport
/// checksums PARTIAL over a seed (the sum of the pseudo header, not complemented), and in the metadata how to cut it up
/// again. From the outermost header inwards; the rules are those of Linux's `…_gro_complete` but where `docs/gro.md`
/// says otherwise.
final class Completion {

    private static final int IPV4_TOTAL_BYTES = 2;
    private static final int IPV4_CHECKSUM = 10;
    private static final int IPV6_PAYLOAD_BYTES = 4;
    private static final int IPV6_BYTES = 40;
    private static final int UDP_LENGTH = 4;
    private static final int UDP_CHECKSUM = 6;
    private static final int TCP_FLAGS = 13;
    private static final int TCP_CHECKSUM = 16;
    /// What [PacketMeta#end] can say.
    private static final int END_MAX = 0xffff;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final HeldPackets held;

    Completion(PacketMemory packets, HeldPackets held) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.held = held;
    }

    /// Finishes the packet at the place, which has more than one segment.
    void complete(int place) {
        int packet = held.packet(place);
        int packetBytes = held.packetBytes(place);
        long frameAt = meta.frameAt(packet);
        int l3 = held.outerL3(place);
        int type = 0;
        ipLength(frameAt + l3, packetBytes - l3);
        if (held.tunnel(place) != Tunnel.NONE) {
            type = tunnel(place, frameAt, l3, packetBytes);
            l3 = held.innerL3(place);
            ipLength(frameAt + l3, packetBytes - l3);
        }
        boolean isTcp = held.protocol(place) == IpProtocol.TCP;
        int l4 = held.l4(place);
        type |= isTcp ? tcp(place, frameAt, l3, l4, packetBytes) : udp(frameAt, l3, l4, packetBytes);
        if (held.isOuterIdFixed(place)) type |= GsoType.TCP_FIXEDID;
        if (held.isInnerIdFixed(place)) type |= GsoType.TCP_FIXEDID_INNER;
        describe(place, packet, packetBytes, type);
        meta.checksumStart(packet, meta.dataAt(packet) + l4);
        meta.checksumOffset(packet, isTcp ? TCP_CHECKSUM : UDP_CHECKSUM);
    }

    private void ipLength(long headerAt, int byteCount) {
        if (isIpv6(headerAt)) {
            Wire.u16(memory, headerAt + IPV6_PAYLOAD_BYTES, byteCount - IPV6_BYTES);
            return;
        }
        int before = Wire.u16(memory, headerAt + IPV4_TOTAL_BYTES);
        int checksum = Wire.u16(memory, headerAt + IPV4_CHECKSUM);
        Wire.u16(memory, headerAt + IPV4_TOTAL_BYTES, byteCount);
        Wire.u16(memory, headerAt + IPV4_CHECKSUM, IncrementalUpdate.replace16(checksum, before, byteCount));
    }

    private int tunnel(int place, long frameAt, int outerL3, int packetBytes) {
        int tunnelAt = held.tunnelAt(place);
        switch (held.tunnel(place)) {
            case Tunnel.UDP -> {
                int datagramBytes = packetBytes - tunnelAt;
                Wire.u16(memory, frameAt + tunnelAt + UDP_LENGTH, datagramBytes);
                if (Wire.u16(memory, frameAt + tunnelAt + UDP_CHECKSUM) == 0) return GsoType.UDP_TUNNEL;
                int seed = seed(frameAt + outerL3, IpProtocol.UDP, datagramBytes);
                Wire.u16(memory, frameAt + tunnelAt + UDP_CHECKSUM, seed);
                return GsoType.UDP_TUNNEL_CSUM;
            }
            case Tunnel.GRE -> {
                boolean isSummed = (Wire.u16(memory, frameAt + tunnelAt) & GreView.CHECKSUM_PRESENT) != 0;
                return isSummed ? GsoType.GRE_CSUM : GsoType.GRE;
            }
            default -> {
                return isIpv6(frameAt + outerL3) ? GsoType.IPXIP6 : GsoType.IPXIP4;
            }
        }
    }

    private int tcp(int place, long frameAt, int l3, int l4, int packetBytes) {
        int flags = Wire.u8(memory, frameAt + l4 + TCP_FLAGS);
        int joined = held.tcpFlags(place) & (TcpFlags.FIN | TcpFlags.PSH);
        Wire.u8(memory, frameAt + l4 + TCP_FLAGS, flags | joined);
        Wire.u16(memory, frameAt + l4 + TCP_CHECKSUM, seed(frameAt + l3, IpProtocol.TCP, packetBytes - l4));
        int type = isIpv6(frameAt + l3) ? GsoType.TCPV6 : GsoType.TCPV4;
        return (flags & TcpFlags.CWR) == 0 ? type : type | GsoType.TCP_ECN;
    }

    private int udp(long frameAt, int l3, int l4, int packetBytes) {
        int datagramBytes = packetBytes - l4;
        Wire.u16(memory, frameAt + l4 + UDP_LENGTH, datagramBytes);
        Wire.u16(memory, frameAt + l4 + UDP_CHECKSUM, seed(frameAt + l3, IpProtocol.UDP, datagramBytes));
        return GsoType.UDP_L4;
    }

    private void describe(int place, int packet, int packetBytes, int type) {
        meta.packetBytes(packet, packetBytes);
        meta.last(packet, held.lastSlot(place));
        meta.gsoType(packet, meta.gsoType(packet) | type);
        meta.gsoSize(packet, held.segmentBytes(place));
        meta.gsoSegments(packet, held.segmentCount(place));
        meta.checksumState(packet, ChecksumState.PARTIAL);
        meta.checksumLevel(packet, 0);
        meta.checksumFlags(packet, 0);
        int end = Math.min(packetBytes, END_MAX);
        meta.end(packet, end);
        boolean hasFin = (held.tcpFlags(place) & TcpFlags.FIN) != 0;
        if (meta.recordCount(packet) > 1) {
            meta.innerEnd(packet, end);
            if (hasFin) meta.innerFlags(packet, meta.innerFlags(packet) | ParseFlags.TCP_FIN_SYN_RST);
        } else {
            meta.tcpFlags(packet, meta.tcpFlags(packet) | held.tcpFlags(place));
            if (hasFin) meta.flags(packet, meta.flags(packet) | ParseFlags.TCP_FIN_SYN_RST);
        }
    }

    private int seed(long headerAt, int protocol, int l4Bytes) {
        return InternetChecksum.fold(PseudoHeader.ofHeader(memory, headerAt, protocol, l4Bytes));
    }

    private boolean isIpv6(long headerAt) {
        return Wire.u8(memory, headerAt) >>> 4 == 6;
    }
}
