package io.millrace.flow.nat;

import io.millrace.checksum.ChecksumField;
import io.millrace.checksum.Crc32c;
import io.millrace.checksum.IncrementalUpdate;
import io.millrace.checksum.PacketSum;
import io.millrace.flow.tuple.IcmpAnswers;
import io.millrace.flow.tuple.Tuple;
import io.millrace.flow.tuple.TupleReader;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Writes another address and port into the packet that an ICMP error quotes, which may end behind its eighth byte of
/// transport. Its checksums are kept in step where they are present; that of the error is left to the caller.
final class QuoteRewrite {

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Ipv4View ipv4;
    private final Ipv6View ipv6;
    private final PacketSum sums;

    QuoteRewrite(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.ipv4 = new Ipv4View(packets);
        this.ipv6 = new Ipv6View(packets);
        this.sums = new PacketSum(packets);
    }

    /// Rewrites that side of the packet that `quote` has read to that of `to`. False if too little of it is there.
    boolean rewrite(int packet, TupleReader outer, TupleReader quote, Tuple to, NatSide side) {
        boolean isSource = side == NatSide.SOURCE;
        if (!quote.isPresent(bytesMin(quote.protocol()))) return false;
        long delta = quote.family() == 4 ? addressIpv4(packet, quote, to, isSource)
            : addressIpv6(packet, quote, to, isSource);
        switch (quote.protocol()) {
            case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.UDP_LITE, IpProtocol.DCCP -> {
                delta += number(quote, isSource ? 0 : 2, isSource ? to.sourcePort() : to.targetPort());
                update(quote, delta);
            }
            case IpProtocol.SCTP -> {
                number(quote, isSource ? 0 : 2, isSource ? to.sourcePort() : to.targetPort());
                sctp(packet, outer, quote);
            }
            case IpProtocol.ICMP -> update(quote, identifier(quote, to));
            case IpProtocol.ICMPV6 -> update(quote, delta + identifier(quote, to));
            default -> { }
        }
        return true;
    }

    private long addressIpv4(int packet, TupleReader quote, Tuple to, boolean isSource) {
        ipv4.at(meta.frameAt(packet) + quote.l3());
        int old = isSource ? ipv4.source() : ipv4.target();
        int fresh = (int) (isSource ? to.sourceLow() : to.targetLow());
        if (old == fresh) return 0;
        if (isSource) {
            ipv4.source(fresh);
        } else {
            ipv4.target(fresh);
        }
        long delta = IncrementalUpdate.delta32(old, fresh);
        ipv4.checksum(IncrementalUpdate.apply(ipv4.checksum(), delta));
        return delta;
    }

    private long addressIpv6(int packet, TupleReader quote, Tuple to, boolean isSource) {
        ipv6.at(meta.frameAt(packet) + quote.l3());
        long oldHigh = isSource ? ipv6.sourceHigh() : ipv6.targetHigh();
        long oldLow = isSource ? ipv6.sourceLow() : ipv6.targetLow();
        long freshHigh = isSource ? to.sourceHigh() : to.targetHigh();
        long freshLow = isSource ? to.sourceLow() : to.targetLow();
        if (oldHigh == freshHigh && oldLow == freshLow) return 0;
        if (isSource) {
            ipv6.sourceHigh(freshHigh);
            ipv6.sourceLow(freshLow);
        } else {
            ipv6.targetHigh(freshHigh);
            ipv6.targetLow(freshLow);
        }
        return IncrementalUpdate.delta128(oldHigh, oldLow, freshHigh, freshLow);
    }

    private long identifier(TupleReader quote, Tuple to) {
        int type = Wire.u8(memory, quote.l4At());
        if (IcmpAnswers.answerTo(quote.protocol(), type) == IcmpAnswers.NONE) return 0;
        return number(quote, 4, to.sourcePort());
    }

    private long number(TupleReader quote, int offset, int fresh) {
        long at = quote.l4At() + offset;
        int old = Wire.u16(memory, at);
        if (old == fresh) return 0;
        Wire.u16(memory, at, fresh);
        return IncrementalUpdate.delta16(old, fresh);
    }

    private void update(TupleReader quote, long delta) {
        int protocol = quote.protocol();
        int offset = ChecksumField.offset(protocol);
        if (delta == 0 || !quote.isPresent(headerBytes(protocol))) return;
        long at = quote.l4At() + offset;
        int checksum = Wire.u16(memory, at);
        boolean isUdp = protocol == IpProtocol.UDP || protocol == IpProtocol.UDP_LITE;
        Wire.u16(memory, at, isUdp
            ? IncrementalUpdate.applyUdp(checksum, delta)
            : IncrementalUpdate.apply(checksum, delta));
    }

    /// Over what is quoted, as Linux does, although the whole packet was longer.
    private void sctp(int packet, TupleReader outer, TupleReader quote) {
        if (!quote.isPresent(headerBytes(IpProtocol.SCTP))) return;
        int fieldAt = quote.l4() + ChecksumField.offset(IpProtocol.SCTP);
        int crc = sums.crc32cAround(packet, quote.l4(), outer.end() - quote.l4(), fieldAt);
        Wire.i32(memory, meta.frameAt(packet) + fieldAt, Crc32c.toWire(crc));
    }

    /// What must be there or nothing is translated.
    private static int bytesMin(int protocol) {
        return switch (protocol) {
            case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.UDP_LITE, IpProtocol.SCTP, IpProtocol.DCCP,
                 IpProtocol.ICMP, IpProtocol.ICMPV6 -> 8;
            default -> 0;
        };
    }

    /// What must be there for its checksum to be kept in step.
    private static int headerBytes(int protocol) {
        return switch (protocol) {
            case IpProtocol.TCP -> 20;
            case IpProtocol.SCTP, IpProtocol.DCCP -> 12;
            default -> 8;
        };
    }
}
