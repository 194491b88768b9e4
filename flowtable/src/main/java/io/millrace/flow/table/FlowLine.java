package io.millrace.flow.table;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// How one direction of a flow lies in memory. A flow is a slot of 256 bytes: two directions, each of two cache lines.
///
/// ```
///  line 0: what a hit over IPv4 needs                 line 1: IPv6, and what no hit needs
///   0 i64 source and target (IPv6: source, high half)  64 i64 source, low half    } the key's
///   8 i64 selector                                     72 i64 target, high half   } other half
///  16 i64 new source and target (IPv6: source, high)   80 i64 target, low half    }
///  24 i32 new ports, as they lie in a packet           88 i64 new source, low half
///  28 u16 transport delta  30 u16 IPv4 header delta    96 i64 new target, high half
///  32 i64 packets                                     104 i64 new target, low half
///  40 i64 bytes                                       112 i64 hash of the key
///  48 i64 last used, ns                               120 original: i32 sequence, i32 generation
///  56 u16 state  58 u16 MTU  60 i32 link                  reply:    i32 connection, i32 next free slot
/// ```
///
/// The *selector* is word 4 of the parser's record with the ingress [Attachments] in its high 16 bits:
/// source port, target port, protocol, family, attachment, from the low bits up. A *delta* is the folded ones'
/// complement sum of what the rewrite changes, so that a hit adds once for each checksum.
///
/// The accessors take the table's segment and where the direction begins. All numbers are in the machine's byte order.
public final class FlowLine {

    public static final int FLOW_BYTES = 256;
    public static final int DIRECTION_BYTES = 128;

    public static final int ADDRESSES = 0;
    public static final int SELECTOR = 8;
    public static final int NEW_ADDRESSES = 16;
    public static final int NEW_PORTS_AND_DELTAS = 24;
    public static final int PACKETS = 32;
    public static final int BYTES = 40;
    public static final int LAST_USED = 48;
    public static final int WAY = 56;
    public static final int SOURCE_LOW = 64;
    public static final int TARGET_HIGH = 72;
    public static final int TARGET_LOW = 80;
    public static final int NEW_SOURCE_LOW = 88;
    public static final int NEW_TARGET_HIGH = 96;
    public static final int NEW_TARGET_LOW = 104;
    static final int HASH = 112;
    static final int SEQUENCE = 120;
    static final int GENERATION = 124;
    static final int CONNECTION = DIRECTION_BYTES + 120;
    static final int NEXT_FREE = DIRECTION_BYTES + 124;

    /// State bits, the same in both directions of a flow but for [#REPLY].
    public static final int LIVE = 1;
    /// A FIN or RST has passed: the next SYN ends the flow.
    public static final int CLOSING = 2;
    /// The flow's packets go the slow way; the next sweep removes it.
    public static final int TEARDOWN = 4;
    /// Addresses or ports change.
    public static final int NAT = 8;
    /// The flow's packets count for the connection.
    public static final int COUNTED = 16;
    public static final int REPLY = 32;
    /// Its flow table asks for it to be put into hardware.
    public static final int WANTED = 64;
    /// It is in hardware, or on its way in or out: its slot is kept until what hardware counted has come home.
    public static final int HARDWARE = 128;
    /// Some of its packets come in fragments, which no flow table sees.
    public static final int FRAGMENTED = 256;

    public static int state(MemorySegment table, long lineAt) {
        return Wire.hostU16(table, lineAt + WAY);
    }

    static void state(MemorySegment table, long lineAt, int bits) {
        Wire.hostU16(table, lineAt + WAY, bits);
    }

    /// State, MTU and link in one word, for [#stateOf], [#mtuOf] and [#linkOf].
    public static long way(MemorySegment table, long lineAt) {
        return Wire.hostI64(table, lineAt + WAY);
    }

    static long wayOf(int state, int mtuBytes, int link) {
        return state & 0xffffL | (mtuBytes & 0xffffL) << 16 | (long) link << 32;
    }

    public static int stateOf(long way) { return (int) way & 0xffff; }
    public static int mtuOf(long way)   { return (int) way >>> 16; }
    public static int linkOf(long way)  { return (int) (way >>> 32); }

    /// The word at [#NEW_PORTS_AND_DELTAS]: ports as an `int` of network order, then the two deltas.
    static long portsAndDeltas(int newPorts, int transportDelta, int headerDelta) {
        return newPorts & 0xffff_ffffL | (transportDelta & 0xffffL) << 32 | (long) headerDelta << 48;
    }

    public static int newPortsOf(long word)       { return (int) word; }
    public static int transportDeltaOf(long word) { return (int) (word >>> 32) & 0xffff; }
    public static int headerDeltaOf(long word)    { return (int) (word >>> 48); }

    public static long packets(MemorySegment table, long lineAt)  { return Wire.hostI64(table, lineAt + PACKETS); }
    public static long bytes(MemorySegment table, long lineAt)    { return Wire.hostI64(table, lineAt + BYTES); }
    public static long lastUsedNs(MemorySegment table, long lineAt) { return Wire.hostI64(table, lineAt + LAST_USED); }

    /// Packets and bytes of the direction are counted from 0 again.
    public static void forgetCounts(MemorySegment table, long lineAt) {
        Wire.hostI64(table, lineAt + PACKETS, 0);
        Wire.hostI64(table, lineAt + BYTES, 0);
    }

    /// Packets that passed elsewhere count as if they had passed here.
    public static void count(MemorySegment table, long lineAt, long packets, long bytes, long lastUsedNs) {
        Wire.hostI64(table, lineAt + PACKETS, packets(table, lineAt) + packets);
        Wire.hostI64(table, lineAt + BYTES, bytes(table, lineAt) + bytes);
        if (lastUsedNs - lastUsedNs(table, lineAt) > 0) Wire.hostI64(table, lineAt + LAST_USED, lastUsedNs);
    }

    public static int sourcePort(long selector) { return (int) selector & 0xffff; }
    public static int targetPort(long selector) { return (int) selector >>> 16; }
    public static int protocol(long selector)   { return (int) (selector >>> 32) & 0xff; }
    public static int family(long selector)     { return (int) (selector >>> 40) & 0xff; }
    public static int attachment(long selector) { return (int) (selector >>> 48); }

    public static long selector(int sourcePort, int targetPort, int protocol, int family, int attachment) {
        return sourcePort & 0xffffL | (targetPort & 0xffffL) << 16 | (protocol & 0xffL) << 32
            | (family & 0xffL) << 40 | (long) attachment << 48;
    }

    private FlowLine() {}
}
