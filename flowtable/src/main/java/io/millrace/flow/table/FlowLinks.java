package io.millrace.flow.table;

import io.millrace.packet.header.EtherType;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// The ways out: a header to write in front of a packet and the port to give it to. Flows to the same neighbour share
/// one, so that a new address of the neighbour is one write.
///
/// ```
///   0  the link header, at the end of 32 bytes           40 i32 generation of the route, for NEIGH
///  32 u16 header bytes  34 u16 port                      44 i32 how many directions use it
///  36 u16 interface     38 u16 flags                     48 2 × i64 next hop, for NEIGH
/// ```
///
/// A link is DIRECT (its header stays as it is until its flows end) or NEIGH (the neighbour may be unresolved, and the
/// route must be the one that was found). All links are the flow table's; the worker's thread alone changes them.
public final class FlowLinks {

    public static final int NONE = -1;

    public static final int LINK_BYTES = 64;
    public static final int HEADER_END = 32;
    public static final int WORD = 32;
    public static final int GENERATION = 40;
    private static final int REFERENCES = 44;
    private static final int NEXT_HOP_HIGH = 48;
    private static final int NEXT_HOP_LOW = 56;

    public static final int DIRECT = 1;
    public static final int RESOLVED = 2;
    /// The header ends in PPPoE and PPP: its length field follows each packet.
    public static final int PPPOE = 4;
    private static final int IPV6 = 8;
    /// A header of [#USUAL_HEADER_BYTES] that can be written as it is, now: the neighbour is resolved, the route valid.
    public static final int USUAL = 16;
    public static final int USUAL_HEADER_BYTES = 14;
    private static final int CHANGING = RESOLVED | USUAL;

    private static final int ETHERNET_BYTES = 14;
    private static final int TAG_BYTES = 4;
    private static final int PPPOE_BYTES = 8;
    private static final int PPPOE_SESSION = 0x8864;
    private static final int PPPOE_VERSION_TYPE_CODE = 0x1100;
    private static final int PPP_IPV4 = 0x0021;
    private static final int PPP_IPV6 = 0x0057;

    private final MemorySegment table;
    private final long linksAt;
    private final int linksMax;
    private final int[] firsts;    // by hash of interface and next hop: a link + 1
    private final int[] nexts;     // by link: the next of its hash, or of the free ones, + 1
    private int used;
    private int free;
    private int routeGeneration;

    FlowLinks(MemorySegment table, long linksAt, int linksMax) {
        this.table = table;
        this.linksAt = linksAt;
        this.linksMax = linksMax;
        this.firsts = new int[Integer.highestOneBit(linksMax) * 2];
        this.nexts = new int[linksMax];
    }

    public static int headerBytes(long word)    { return (int) word & 0xffff; }
    public static int port(long word)           { return (int) word >>> 16; }
    public static int interfaceIndex(long word) { return (int) (word >>> 32) & 0xffff; }
    public static int flags(long word)          { return (int) (word >>> 48); }

    /// Where the first link begins in the table's segment.
    public long at() { return linksAt; }

    /// Ones as far as any link's number goes, see [FlowTable#reachMask].
    public int reachMask() { return (Integer.highestOneBit(linksMax) << 1) - 1; }

    public long at(int link) { return linksAt + (long) link * LINK_BYTES; }

    public long word(int link) { return Wire.hostI64(table, at(link) + WORD); }

    public int generation(int link) { return Wire.hostI32(table, at(link) + GENERATION); }

    public long nextHopHigh(int link) { return Wire.hostI64(table, at(link) + NEXT_HOP_HIGH); }
    public long nextHopLow(int link)  { return Wire.hostI64(table, at(link) + NEXT_HOP_LOW); }

    /// A link like this, with one more user; `NONE` if there are too many.
    int acquire(LinkSpec spec) {
        int bucket = bucketOf(spec.interfaceIndex, spec.nextHopHigh, spec.nextHopLow);
        for (int link = firsts[bucket] - 1; link >= 0; link = nexts[link] - 1) {
            if (!isSame(link, spec)) continue;
            Wire.hostI32(table, at(link) + REFERENCES, Wire.hostI32(table, at(link) + REFERENCES) + 1);
            return link;
        }
        int link = take();
        if (link == NONE) return NONE;
        write(at(link), spec);
        nexts[link] = firsts[bucket];
        firsts[bucket] = link + 1;
        return link;
    }

    /// One user less; the last one frees it.
    void release(int link) {
        long at = at(link);
        int references = Wire.hostI32(table, at + REFERENCES) - 1;
        assert references >= 0 : link;
        Wire.hostI32(table, at + REFERENCES, references);
        if (references > 0) return;
        int bucket = bucketOf(interfaceIndex(word(link)), nextHopHigh(link), nextHopLow(link));
        if (firsts[bucket] == link + 1) {
            firsts[bucket] = nexts[link];
        } else {
            int before = firsts[bucket] - 1;
            while (nexts[before] != link + 1) before = nexts[before] - 1;
            nexts[before] = nexts[link];
        }
        nexts[link] = free;
        free = link + 1;
    }

    /// Routes found under another number are no longer valid.
    public void routeGeneration(int generation) {
        routeGeneration = generation;
        for (int link = 0; link < used; link++) settle(at(link));
    }

    public int routeGeneration() { return routeGeneration; }

    /// Says anew whether the link is usual.
    private void settle(long at) {
        long word = Wire.hostI64(table, at + WORD);
        boolean isUsual = (flags(word) & RESOLVED) != 0 && headerBytes(word) == USUAL_HEADER_BYTES
            && ((flags(word) & DIRECT) != 0 || Wire.hostI32(table, at + GENERATION) == routeGeneration);
        Wire.hostI64(table, at + WORD, word(headerBytes(word), port(word), interfaceIndex(word),
            flags(word) & ~USUAL | (isUsual ? USUAL : 0)));
    }

    /// The neighbour has this address now, and packets may be sent to it (Linux: `NUD_CONNECTED`).
    public void resolve(int interfaceIndex, long nextHopHigh, long nextHopLow, long mac) {
        change(interfaceIndex, nextHopHigh, nextHopLow, RESOLVED, mac);
    }

    /// The neighbour's address is unknown or to be confirmed: packets go through the neighbour table.
    public void unresolve(int interfaceIndex, long nextHopHigh, long nextHopLow) {
        change(interfaceIndex, nextHopHigh, nextHopLow, 0, 0);
    }

    private void change(int interfaceIndex, long nextHopHigh, long nextHopLow, int resolved, long mac) {
        int bucket = bucketOf(interfaceIndex, nextHopHigh, nextHopLow);
        for (int link = firsts[bucket] - 1; link >= 0; link = nexts[link] - 1) {
            long word = word(link);
            int flags = flags(word);
            if ((flags & DIRECT) != 0 || interfaceIndex(word) != interfaceIndex || !isNextHop(link, nextHopHigh,
                nextHopLow)) continue;
            Wire.hostI64(table, at(link) + WORD, word(headerBytes(word), port(word), interfaceIndex,
                flags & ~RESOLVED | resolved));
            if (resolved != 0) Wire.u48(table, at(link) + HEADER_END - headerBytes(word), mac);
            settle(at(link));
        }
    }

    private boolean isNextHop(int link, long high, long low) {
        return nextHopHigh(link) == high && nextHopLow(link) == low;
    }

    private boolean isSame(int link, LinkSpec spec) {
        long word = word(link);
        long at = at(link);
        return port(word) == spec.port && interfaceIndex(word) == spec.interfaceIndex
            && ((flags(word) ^ flagsOf(spec)) & ~CHANGING) == 0
            && Wire.hostI32(table, at + GENERATION) == spec.routeGeneration
            && isNextHop(link, spec.nextHopHigh, spec.nextHopLow)
            && (!spec.isDirect || isSameHeader(at, headerBytes(word), spec));
    }

    private boolean isSameHeader(long at, int headerBytes, LinkSpec spec) {
        long headerAt = at + HEADER_END - headerBytes;
        if (headerBytes != headerBytes(spec)) return false;
        if (Wire.u48(table, headerAt) != spec.targetMac || Wire.u48(table, headerAt + 6) != spec.sourceMac) return false;
        if (spec.vlan0 != 0 && Wire.i32(table, headerAt + 12) != spec.vlan0) return false;
        if (spec.vlan1 != 0 && Wire.i32(table, headerAt + 16) != spec.vlan1) return false;
        return spec.session == 0 || Wire.u16(table, at + HEADER_END - 6) == spec.session;
    }

    private int take() {
        if (free != 0) {
            int link = free - 1;
            free = nexts[link];
            return link;
        }
        return used < linksMax ? used++ : NONE;
    }

    private void write(long at, LinkSpec spec) {
        int headerBytes = headerBytes(spec);
        long headerAt = at + HEADER_END - headerBytes;
        Wire.u48(table, headerAt, spec.targetMac);
        Wire.u48(table, headerAt + 6, spec.sourceMac);
        long typeAt = headerAt + 12;
        if (spec.vlan0 != 0) {
            Wire.i32(table, typeAt, spec.vlan0);
            typeAt += TAG_BYTES;
        }
        if (spec.vlan1 != 0) {
            Wire.i32(table, typeAt, spec.vlan1);
            typeAt += TAG_BYTES;
        }
        boolean isIpv6 = spec.family == 6;
        if (spec.session == 0) {
            Wire.u16(table, typeAt, isIpv6 ? EtherType.IPV6 : EtherType.IPV4);
        } else {
            Wire.u16(table, typeAt, PPPOE_SESSION);
            Wire.u16(table, typeAt + 2, PPPOE_VERSION_TYPE_CODE);
            Wire.u16(table, typeAt + 4, spec.session);
            Wire.u16(table, typeAt + 6, 0);
            Wire.u16(table, typeAt + 8, isIpv6 ? PPP_IPV6 : PPP_IPV4);
        }
        Wire.hostI64(table, at + WORD, word(headerBytes, spec.port, spec.interfaceIndex, flagsOf(spec)));
        Wire.hostI32(table, at + GENERATION, spec.routeGeneration);
        Wire.hostI32(table, at + REFERENCES, 1);
        Wire.hostI64(table, at + NEXT_HOP_HIGH, spec.nextHopHigh);
        Wire.hostI64(table, at + NEXT_HOP_LOW, spec.nextHopLow);
        settle(at);
    }

    private static int headerBytes(LinkSpec spec) {
        return ETHERNET_BYTES + (spec.vlan0 == 0 ? 0 : TAG_BYTES) + (spec.vlan1 == 0 ? 0 : TAG_BYTES)
            + (spec.session == 0 ? 0 : PPPOE_BYTES);
    }

    private static int flagsOf(LinkSpec spec) {
        return (spec.isDirect ? DIRECT : 0) | (spec.isResolved ? RESOLVED : 0) | (spec.session == 0 ? 0 : PPPOE)
            | (spec.family == 6 ? IPV6 : 0);
    }

    private static long word(int headerBytes, int port, int interfaceIndex, int flags) {
        return headerBytes | (long) port << 16 | (long) interfaceIndex << 32 | (long) flags << 48;
    }

    private int bucketOf(int interfaceIndex, long high, long low) {
        long hash = (high * 0x9E37_79B9_7F4A_7C15L ^ low + interfaceIndex) * 0xff51_afd7_ed55_8ccdL;
        return (int) (hash >>> 32) & firsts.length - 1;
    }
}
