package io.millrace.flow.rules;

import io.millrace.checksum.cover.NetworkHeader;
import io.millrace.flow.Routes;
import io.millrace.flow.track.Tracked;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// What rules may know of one packet: where its headers lie, by which interfaces it travels, its connection. One object
/// of the path, filled anew for each packet with [#begin] or [#beginFrame]; to be filled again after headers moved.
///
/// Headers are those that lie in the packet's first slot; a field that does not lie there has no value. They are read
/// when a rule first asks.
public final class RulePacket {

    static final int NO_PROTOCOL = -1;

    private static final int ETHERNET_BYTES = 14;
    private static final int IPV4_PROTOCOL_AT = 9;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final NetworkHeader header;
    private int packet;
    private int limit;
    private boolean isRead;
    private int l3;
    private int l4;
    private int end;
    private int family;
    private int protocol;
    private int etherType;
    private boolean hasTransport;
    private int lengthBytes;
    private int priority;
    private int ingress = Routes.NO_INTERFACE;
    private int egress = Routes.NO_INTERFACE;
    private Tracked tracked;
    private long nowNs;

    public RulePacket(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.header = new NetworkHeader(packets);
    }

    /// A sound IP packet of that family at `l3` of a frame that ends at `limit`, at one of the five IP hooks.
    public RulePacket begin(int packet, int family, int l3, int limit, Tracked tracked, long nowNs) {
        this.packet = packet;
        this.family = family;
        this.l3 = l3;
        this.limit = limit;
        this.isRead = false;
        this.tracked = tracked;
        this.nowNs = nowNs;
        this.priority = 0;
        this.ingress = Routes.NO_INTERFACE;
        this.egress = Routes.NO_INTERFACE;
        etherType = family == 6 ? EtherType.IPV6 : EtherType.IPV4;
        return this;
    }

    /// A frame at ingress or egress of an interface. What follows the Ethernet header, or its outermost VLAN tag,
    /// begins at `l3`; it need not be IP.
    public RulePacket beginFrame(int packet, int l3, Tracked tracked, long nowNs) {
        begin(packet, 0, l3, meta.packetBytes(packet), tracked, nowNs);
        read();
        end = meta.slotBytes(packet);
        lengthBytes = limit - l3;
        etherType = l3 >= ETHERNET_BYTES ? Wire.u16(memory, meta.frameAt(packet) + l3 - 2) : 0;
        if (etherType != EtherType.IPV4 && etherType != EtherType.IPV6) {
            family = 0;
            protocol = NO_PROTOCOL;
            hasTransport = false;
        }
        return this;
    }

    /// True if hardware has run offloaded chains on it.
    boolean isRuled() {
        return meta.isRuled(packet);
    }

    private RulePacket read() {
        if (!isRead) readHeaders();
        return this;
    }

    private void readHeaders() {
        isRead = true;
        boolean isFound = header.read(packet, l3, limit) == NetworkHeader.Found.TRANSPORT;
        family = header.family();
        protocol = isFound ? header.protocol() : NO_PROTOCOL;
        l4 = header.l4();
        end = Math.min(header.end(), meta.slotBytes(packet));
        lengthBytes = header.end() - l3;
        hasTransport = isFound && !header.isLaterFragment();
        if (isFound && family == 4) {
            // An authentication header is a protocol of its own over IPv4.
            long at = meta.frameAt(packet) + l3;
            protocol = Wire.u8(memory, at + IPV4_PROTOCOL_AT);
            l4 = l3 + (Wire.u8(memory, at) & 0xf) * 4;
        }
    }

    /// The interfaces by which it came and leaves, [Routes#NO_INTERFACE] where there is none (yet).
    public RulePacket interfaces(int ingress, int egress) {
        this.ingress = ingress;
        this.egress = egress;
        return this;
    }

    /// `meta priority`: the traffic class that queues see. It lasts for one hook; the caller takes it over.
    public RulePacket priority(int value) {
        this.priority = value;
        return this;
    }

    public int priority()      { return priority; }
    public int packet()        { return packet; }
    public int l3()            { return l3; }
    int l4()                   { return read().l4; }
    /// Behind the last byte that a rule can read.
    int end()                  { return read().end; }
    /// 4, 6, or 0.
    public int family()        { return family; }
    int protocol()             { return read().protocol; }
    int etherType()            { return etherType; }
    boolean hasTransport()     { return read().hasTransport; }
    /// From the network header on.
    int lengthBytes()          { return read().lengthBytes; }
    public int ingress()       { return ingress; }
    public int egress()        { return egress; }
    public Tracked tracked()   { return tracked; }
    long nowNs()               { return nowNs; }
    MemorySegment memory()     { return memory; }
    PacketMeta meta()          { return meta; }
    long frameAt()             { return meta.frameAt(packet); }
}
