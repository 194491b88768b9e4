package io.millrace.flow.tuple;

import io.millrace.checksum.cover.NetworkHeader;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Reads the tuple of an IP packet, or of one that an ICMP error quotes. [#read] anew for each; the answers are about
/// the last one. Offsets count from the packet's first byte.
///
/// The addresses are the IP header's own, also behind a routing header. An authentication header counts as an extension
/// of IPv6 and as a protocol of its own over IPv4, as in Linux.
public final class TupleReader {

    /// The protocol of a packet that could not be read.
    public static final int NONE = -1;

    private static final int PORTS_BYTES = 4;
    private static final int ICMP_BYTES = 8;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final NetworkHeader header;
    private final Ipv4View ipv4;
    private final Ipv6View ipv6;
    private int packet;
    private int protocol;
    private int l4;
    private int end;

    public TupleReader(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.header = new NetworkHeader(packets);
        this.ipv4 = new Ipv4View(packets);
        this.ipv6 = new Ipv6View(packets);
    }

    /// Reads the packet whose IP header lies at `l3` and that ends at `limit` or before; puts its tuple, zone 0, into
    /// `tuple`. False if it has none: malformed, cut before the ports, or a fragment without them.
    public boolean read(int packet, int l3, int limit, Tuple tuple) {
        this.packet = packet;
        this.protocol = NONE;
        if (header.read(packet, l3, limit) != NetworkHeader.Found.TRANSPORT) return false;
        if (header.isLaterFragment()) return false;
        protocol = header.protocol();
        l4 = header.l4();
        end = header.end();
        long at = meta.frameAt(packet) + l3;
        if (header.family() == 4) {
            ipv4.at(at);
            protocol = ipv4.protocol();
            l4 = l3 + ipv4.headerBytes();
            tuple.set(4, protocol)
                .source(0, Integer.toUnsignedLong(ipv4.source()))
                .target(0, Integer.toUnsignedLong(ipv4.target()));
        } else {
            if (protocol == IpProtocol.NO_NEXT_HEADER) return false;
            ipv6.at(at);
            tuple.set(6, protocol)
                .source(ipv6.sourceHigh(), ipv6.sourceLow())
                .target(ipv6.targetHigh(), ipv6.targetLow());
        }
        return readPorts(tuple);
    }

    private boolean readPorts(Tuple tuple) {
        switch (protocol) {
            case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.UDP_LITE, IpProtocol.SCTP, IpProtocol.DCCP -> {
                if (!isPresent(PORTS_BYTES)) return false;
                long at = l4At();
                tuple.ports(Wire.u16(memory, at), Wire.u16(memory, at + 2));
            }
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> {
                if (!isPresent(ICMP_BYTES)) return false;
                long at = l4At();
                tuple.ports(Wire.u16(memory, at + 4), Wire.u16(memory, at));
            }
            default -> { }
        }
        return true;
    }

    /// What [io.millrace.checksum.receive.ReceiveChecksum] asks for.
    public NetworkHeader header() { return header; }
    public int family()           { return header.family(); }
    public int protocol()         { return protocol; }
    public int l3()               { return header.l3(); }
    public int l4()               { return l4; }
    /// Where the IP payload ends by its own length.
    public int end()              { return end; }
    public int l4Bytes()          { return end - l4; }
    /// Bytes of the IP packet, its header included.
    public int l3Bytes()          { return end - header.l3(); }
    public boolean isFragment()   { return header.isFragment(); }

    /// Where the transport header lies in packet memory.
    public long l4At() {
        return meta.frameAt(packet) + l4;
    }

    /// True if that many bytes of the transport are in the packet's first slot.
    public boolean isPresent(int byteCount) {
        return l4 + byteCount <= Math.min(end, meta.slotBytes(packet));
    }
}
