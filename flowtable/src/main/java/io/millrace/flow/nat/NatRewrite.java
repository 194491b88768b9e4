package io.millrace.flow.nat;

import io.millrace.checksum.TransportChecksum;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.flow.track.ConnectionStatus;
import io.millrace.flow.track.Connections;
import io.millrace.flow.track.Tracked;
import io.millrace.flow.track.machine.Direction;
import io.millrace.flow.tuple.Tuple;
import io.millrace.flow.tuple.TupleReader;
import io.millrace.packet.header.IcmpType;
import io.millrace.packet.header.Icmpv6Type;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Decides which headers of a packet are rewritten, and has them rewritten: those of the packet itself, or of an ICMP
/// error and of what it quotes. Which side of which direction is translated says the connection's status.
final class NatRewrite {

    private static final int ICMP_BYTES = 8;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Connections connections;
    private final TupleReader outer;
    private final TupleReader quote;
    private final HeaderRewrite headers;
    private final QuoteRewrite quotes;
    private final TransportChecksum checksums;
    private final ChecksumRecord record;
    private final Tuple read = new Tuple();
    private final Tuple opposite = new Tuple();
    private final Tuple target = new Tuple();

    NatRewrite(PacketMemory packets, Connections connections) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.connections = connections;
        this.outer = new TupleReader(packets);
        this.quote = new TupleReader(packets);
        this.headers = new HeaderRewrite(packets);
        this.quotes = new QuoteRewrite(packets);
        this.checksums = new TransportChecksum(packets);
        this.record = new ChecksumRecord(packets);
    }

    boolean packet(int packet, int l3, int limit, Tracked tracked, NatSide side) {
        if (!isTranslated(tracked, side)) return true;
        if (!outer.read(packet, l3, limit, read)) return false;
        target.invertOf(opposite(tracked));
        headers.rewrite(packet, outer, read, target, side, true);
        return true;
    }

    /// The quoted packet travels against the error: its other side is rewritten, to what it was when it was sent.
    boolean error(int packet, int l3, int limit, Tracked tracked, NatSide side) {
        if (!outer.read(packet, l3, limit, read)) return false;
        boolean isMessage = outer.protocol() == IpProtocol.ICMP || outer.protocol() == IpProtocol.ICMPV6;
        if (!isMessage) return packet(packet, l3, limit, tracked, side);   // a reset that refuses a connection
        int type = Wire.u8(memory, outer.l4At());
        boolean isRedirect = outer.protocol() == IpProtocol.ICMP ? type == IcmpType.REDIRECT
            : type == Icmpv6Type.REDIRECT;
        int status = connections.status(tracked.entry());
        if (isRedirect) {
            boolean isDecided = (status & ConnectionStatus.NAT_DONE) == ConnectionStatus.NAT_DONE;
            if (!isDecided || (status & ConnectionStatus.NAT) != 0) return false;
        }
        if (!isTranslated(tracked, side)) return true;
        if (outer.isFragment() || !quote.read(packet, outer.l4() + ICMP_BYTES, outer.end(), opposite)) return false;
        if (!quotes.rewrite(packet, outer, quote, opposite(tracked), side.other())) return false;
        if (meta.checksumState(packet) != ChecksumState.PARTIAL) {
            checksums.fill(packet, outer.l3(), outer.l4(), outer.l4Bytes(), outer.protocol());
            record.forward(packet);
        }
        target.invertOf(opposite(tracked));
        headers.rewrite(packet, outer, read, target, side, false);
        return true;
    }

    /// True if this side of packets in this direction is translated: what is the source one way is the target back.
    private boolean isTranslated(Tracked tracked, NatSide side) {
        NatSide original = tracked.direction() == Direction.ORIGINAL ? side : side.other();
        return connections.has(tracked.entry(), original.status());
    }

    private Tuple opposite(Tracked tracked) {
        return connections.tuple(tracked.entry(), Direction.other(tracked.direction()), opposite);
    }
}
