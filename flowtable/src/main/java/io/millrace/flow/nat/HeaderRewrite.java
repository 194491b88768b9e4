package io.millrace.flow.nat;

import io.millrace.checksum.ChecksumField;
import io.millrace.checksum.Crc32c;
import io.millrace.checksum.IncrementalUpdate;
import io.millrace.checksum.PacketSum;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.checksum.state.TransportRewrite;
import io.millrace.flow.tuple.IcmpAnswers;
import io.millrace.flow.tuple.Tuple;
import io.millrace.flow.tuple.TupleReader;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Writes another address and port into the headers of a packet. Checksums change by what changed under them, so one
/// that was wrong stays wrong by as much; the CRC32c of SCTP is computed anew.
final class HeaderRewrite {

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Ipv4View ipv4;
    private final Ipv6View ipv6;
    private final TransportRewrite transport;
    private final ChecksumRecord record;
    private final PacketSum sums;

    HeaderRewrite(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.ipv4 = new Ipv4View(packets);
        this.ipv6 = new Ipv6View(packets);
        this.transport = new TransportRewrite(packets);
        this.record = new ChecksumRecord(packets);
        this.sums = new PacketSum(packets);
    }

    /// Rewrites the side of the packet that `header` has read, `from`, to that of `to`. Trusts that the tracker has
    /// accepted the transport header.
    void rewrite(int packet, TupleReader header, Tuple from, Tuple to, NatSide side, boolean withPort) {
        if (header.family() == 4) {
            addressIpv4(packet, header, from, to, side);
        } else {
            addressIpv6(packet, header, from, to, side);
        }
        if (withPort) port(packet, header, from, to, side);
    }

    private void addressIpv4(int packet, TupleReader header, Tuple from, Tuple to, NatSide side) {
        boolean isSource = side == NatSide.SOURCE;
        int old = (int) (isSource ? from.sourceLow() : from.targetLow());
        int fresh = (int) (isSource ? to.sourceLow() : to.targetLow());
        if (old == fresh) return;
        ipv4.at(meta.frameAt(packet) + header.l3());
        if (isSource) {
            ipv4.source(fresh);
        } else {
            ipv4.target(fresh);
        }
        long delta = IncrementalUpdate.delta32(old, fresh);
        ipv4.checksum(IncrementalUpdate.apply(ipv4.checksum(), delta));
        int protocol = header.protocol();
        if (!ChecksumField.hasPseudoHeader(protocol)) return;
        transport.addressIpv4(packet, header.l4() + ChecksumField.offset(protocol), delta, isUdp(protocol));
    }

    private void addressIpv6(int packet, TupleReader header, Tuple from, Tuple to, NatSide side) {
        boolean isSource = side == NatSide.SOURCE;
        long oldHigh = isSource ? from.sourceHigh() : from.targetHigh();
        long oldLow = isSource ? from.sourceLow() : from.targetLow();
        long freshHigh = isSource ? to.sourceHigh() : to.targetHigh();
        long freshLow = isSource ? to.sourceLow() : to.targetLow();
        if (oldHigh == freshHigh && oldLow == freshLow) return;
        ipv6.at(meta.frameAt(packet) + header.l3());
        if (isSource) {
            ipv6.sourceHigh(freshHigh);
            ipv6.sourceLow(freshLow);
        } else {
            ipv6.targetHigh(freshHigh);
            ipv6.targetLow(freshLow);
        }
        int protocol = header.protocol();
        if (!ChecksumField.hasPseudoHeader(protocol)) return;
        long delta = IncrementalUpdate.delta128(oldHigh, oldLow, freshHigh, freshLow);
        transport.addressIpv6(packet, header.l4() + ChecksumField.offset(protocol), delta, isUdp(protocol));
    }

    private void port(int packet, TupleReader header, Tuple from, Tuple to, NatSide side) {
        int protocol = header.protocol();
        switch (protocol) {
            case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.UDP_LITE, IpProtocol.DCCP -> {
                boolean isSource = side == NatSide.SOURCE;
                number(packet, header, isSource ? 0 : 2, isSource ? from.sourcePort() : from.targetPort(),
                    isSource ? to.sourcePort() : to.targetPort());
            }
            case IpProtocol.SCTP -> sctp(packet, header, to, side);
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> {
                boolean hasIdentifier =
                    IcmpAnswers.answerTo(protocol, from.targetPort() >>> 8) != IcmpAnswers.NONE;
                if (hasIdentifier) number(packet, header, 4, from.sourcePort(), to.sourcePort());
            }
            default -> { }
        }
    }

    private void number(int packet, TupleReader header, int offset, int old, int fresh) {
        if (old == fresh) return;
        int protocol = header.protocol();
        Wire.u16(memory, header.l4At() + offset, fresh);
        transport.port(packet, header.l4() + ChecksumField.offset(protocol),
            IncrementalUpdate.delta16(old, fresh), isUdp(protocol));
    }

    private void sctp(int packet, TupleReader header, Tuple to, NatSide side) {
        if (side == NatSide.SOURCE) {
            Wire.u16(memory, header.l4At(), to.sourcePort());
        } else {
            Wire.u16(memory, header.l4At() + 2, to.targetPort());
        }
        if (meta.checksumState(packet) == ChecksumState.PARTIAL) return;
        int fieldAt = header.l4() + ChecksumField.offset(IpProtocol.SCTP);
        int crc = sums.crc32cAround(packet, header.l4(), header.l4Bytes(), fieldAt);
        Wire.i32(memory, meta.frameAt(packet) + fieldAt, Crc32c.toWire(crc));
        record.none(packet);
    }

    /// Protocols that never send a checksum of 0.
    private static boolean isUdp(int protocol) {
        return protocol == IpProtocol.UDP || protocol == IpProtocol.UDP_LITE;
    }
}
