package io.millrace.flow.track;

import io.millrace.flow.tuple.Tuple;
import io.millrace.flow.tuple.TupleReader;
import io.millrace.packet.header.IcmpType;
import io.millrace.packet.header.Icmpv6Type;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Finds the connection that an ICMP or ICMPv6 error is about: that of the packet it quotes. The error travels against
/// that packet, so what is looked for is the quote's tuple turned round.
final class ErrorTracker {

    /// What the ICMP message is to connections.
    enum Found {
        /// Not an error: question or answer, tracked by itself.
        MESSAGE,
        /// An error about a connection, which the packet now belongs to.
        RELATED,
        /// Never tracked: neighbour discovery and listeners.
        UNTRACKED,
        /// An error about nothing known here, or no message that can be.
        INVALID
    }

    private static final int ICMP_BYTES = 8;
    private static final int ICMP_TYPE_MAX = 18;
    private static final int ROUTER_DISCOVERY_FIRST = 151;   // multicast router advertisement, RFC 4286
    private static final int ROUTER_DISCOVERY_LAST = 152;
    private static final int REDIRECT_OPTIONS_AT = 40;
    private static final int REDIRECTED_HEADER = 4;
    private static final int OPTION_UNIT_BYTES = 8;

    private final MemorySegment memory;
    private final ConnectionTable table;
    private final TupleReader quote;
    private final Tuple quoted = new Tuple();
    private final Tuple found = new Tuple();

    ErrorTracker(PacketMemory packets, ConnectionTable table) {
        this.memory = packets.segment();
        this.table = table;
        this.quote = new TupleReader(packets);
    }

    /// `outer` has read the message, which holds eight bytes or more, and its tuple.
    Found track(int packet, TupleReader outer, Tuple outerTuple, Tracked tracked, long nowNs) {
        int type = Wire.u8(memory, outer.l4At());
        int quoteAt = outer.l4() + ICMP_BYTES;
        if (outer.protocol() == IpProtocol.ICMP) {
            if (type > ICMP_TYPE_MAX) return Found.INVALID;
            if (!IcmpType.isError(type)) return Found.MESSAGE;
        } else {
            if (isNeverTracked(type)) return Found.UNTRACKED;
            if (type == Icmpv6Type.REDIRECT) {
                quoteAt = redirectedAt(outer);
                if (quoteAt < 0) return Found.INVALID;
            } else if (!Icmpv6Type.isError(type)) {
                return Found.MESSAGE;
            }
        }
        return relate(packet, outer, outerTuple, quoteAt, tracked, nowNs);
    }

    private Found relate(int packet, TupleReader outer, Tuple outerTuple, int quoteAt, Tracked tracked, long nowNs) {
        if (!quote.read(packet, quoteAt, outer.end(), quoted)) return Found.INVALID;
        if (quoted.family() != outerTuple.family() || !found.invertOf(quoted)) return Found.INVALID;
        int node = table.find(found, tracked, nowNs);
        if (node == TupleIndex.NONE) return Found.INVALID;
        // Who gets the error must be who sent the quoted packet, or anybody could be told anything.
        if (!found.isSameTargetAddress(outerTuple)) return Found.INVALID;
        boolean isReply = TupleIndex.direction(node) != 0;
        tracked.set(TupleIndex.entry(node), isReply ? PacketState.RELATED_REPLY : PacketState.RELATED);
        return Found.RELATED;
    }

    private static boolean isNeverTracked(int type) {
        return type >= Icmpv6Type.LISTENER_QUERY && type <= Icmpv6Type.NEIGHBOUR_ADVERTISEMENT
            || type == Icmpv6Type.LISTENER_REPORT_2
            || type >= ROUTER_DISCOVERY_FIRST && type <= ROUTER_DISCOVERY_LAST;
    }

    /// Where the quote of a redirect lies (RFC 4861 §4.6.3), or -1.
    private int redirectedAt(TupleReader outer) {
        int at = REDIRECT_OPTIONS_AT;
        while (outer.isPresent(at + OPTION_UNIT_BYTES)) {
            int optionBytes = Wire.u8(memory, outer.l4At() + at + 1) * OPTION_UNIT_BYTES;
            if (optionBytes == 0) return -1;
            if (Wire.u8(memory, outer.l4At() + at) == REDIRECTED_HEADER) return outer.l4() + at + OPTION_UNIT_BYTES;
            at += optionBytes;
        }
        return -1;
    }
}
