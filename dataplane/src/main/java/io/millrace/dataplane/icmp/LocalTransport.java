package io.millrace.dataplane.icmp;

import io.millrace.checksum.TransportChecksum;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.TcpFlags;
import io.millrace.packet.header.TcpView;
import io.millrace.packet.header.UdpView;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;

/// What is wrong with a UDP or TCP packet for this host, the same over IPv4 and IPv6, in the order in which Linux finds
/// it. `l4` counts from the packet's first byte, `l4Bytes` from there to its end.
final class LocalTransport {

    private final PacketPool pool;
    private final PacketMeta meta;
    private final UdpView udp;
    private final TcpView tcp;
    private final TransportChecksum checksums;

    LocalTransport(PacketPool pool) {
        this.pool = pool;
        this.meta = new PacketMeta(pool.packets());
        this.udp = new UdpView(pool.packets());
        this.tcp = new TcpView(pool.packets());
        this.checksums = new TransportChecksum(pool.packets());
    }

    /// `PORT_CLOSED` if nothing is wrong: then an answer is due. Cuts what lies behind the datagram's own length, so
    /// that no error quotes it.
    ///
    /// Over IPv6 a checksum is a must (RFC 8200 §8.1), and a length of 0 means all that is there (RFC 2675 §4).
    Verdict checkUdp(int packet, int l4, int l4Bytes, boolean isIpv6) {
        if (l4 + UdpView.HEADER_BYTES > meta.slotBytes(packet)) return Verdict.TRANSPORT_MALFORMED;
        udp.at(meta.frameAt(packet) + l4);
        int udpBytes = isIpv6 && udp.datagramBytes() == 0 ? l4Bytes : udp.datagramBytes();
        if (udpBytes < UdpView.HEADER_BYTES || udpBytes > l4Bytes) return Verdict.TRANSPORT_MALFORMED;
        if (udpBytes < l4Bytes) pool.trim(packet, l4 + udpBytes);
        boolean isRight = udp.checksum() == 0 ? !isIpv6 : isSumRight(packet, l4, udpBytes, IpProtocol.UDP);
        return isRight ? Verdict.PORT_CLOSED : Verdict.TRANSPORT_CHECKSUM_WRONG;
    }

    /// `PORT_CLOSED` if nothing is wrong: then a reset is due, unless it [#isReset] itself.
    Verdict checkTcp(int packet, int l4, int l4Bytes) {
        if (!hasTcp(packet, l4, l4Bytes)) return Verdict.TRANSPORT_MALFORMED;
        boolean isRight = isSumRight(packet, l4, l4Bytes, IpProtocol.TCP);
        return isRight ? Verdict.PORT_CLOSED : Verdict.TRANSPORT_CHECKSUM_WRONG;
    }

    /// True if a whole TCP header lies there.
    boolean hasTcp(int packet, int l4, int l4Bytes) {
        int presentBytes = Math.min(meta.slotBytes(packet) - l4, l4Bytes);
        return presentBytes >= TcpView.HEADER_BYTES_MIN && tcp.at(meta.frameAt(packet) + l4).isValid(presentBytes);
    }

    /// After [#checkTcp] or [#hasTcp].
    boolean isReset() {
        return (tcp.flags() & TcpFlags.RST) != 0;
    }

    /// True for ICMP and ICMPv6 too. A checksum that the sender left to its device counts as right.
    boolean isSumRight(int packet, int l4, int l4Bytes, int protocol) {
        if (meta.checksumState(packet) == ChecksumState.PARTIAL) return true;
        return checksums.isRight(packet, meta.l3(packet), l4, l4Bytes, protocol);
    }
}
