package io.millrace.packet.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.NONE;
import static io.millrace.packet.memory.PacketMemory.CHUNK_BYTES;

/// The 128 bytes of metadata in front of each slot: what is known about a packet beside its bytes.
///
/// ```
///  line 0: what a hit needs                          line 1: the rest
///   0 i32 next slot    4 i32 last slot               64 i64 receive time, ns
///   8 u16 data at     10 u16 bytes in this slot      76 u8 checksum state  77 u8 level
///  12 i32 bytes of the whole packet                  78 u8 verdict          79 u8 traced
///  16 u16 port        18 u16 queue   20 i32 hash     80 u16 checksum sum    82 u8 checksum flags
///  24 u16 l3   26 u16 l4   28 u16 payload  30 u16 end    84 u16 checksum start  86 u16 checksum offset
///  32 u8 proto 33 u8 family 34 u16 flags             88 i32 GSO type    92 u16 GSO size       94 u16 segments
///  36 u8 TCP flags 37 u8 parse result 38 u8 records  96 u16 inner l3  98 l4  100 payload  102 end
///  40 i32 vlan 0      44 i32 vlan 1                 104 u8 inner proto     105 u8 inner family   106 u16 inner flags
///  48 i32 mark        52 u16 egress   54 u16 ingress 108 i32 next hop
///  56 u16 link type   58 u8 link class  60 i32 original bytes
///                                                   112 u16 bytes of its largest fragment   114 u8 fragments had DF
///                                                   116 u16 piece bytes   118 u16 filtered
///                                                   120 i32 fragment id   124 i32 tag to insert
/// ```
///
/// `l3`, `l4`, `payload` and `end` count from the packet's first byte. "Data at" counts from the slot's first byte.
/// All numbers are in the machine's byte order. Every slot of a chain has `next` and its own "bytes in this slot"; the
/// rest is meant in the first slot alone, where all headers lie.
///
/// Plain memory: whoever holds the packet may read and write; a [PacketRing] hands both over.
public final class PacketMeta {

    private static final int NEXT = 0;
    private static final int LAST = 4;
    private static final int DATA_AT = 8;
    private static final int SLOT_DATA_BYTES = 10;
    private static final int PACKET_BYTES = 12;
    private static final int PORT = 16;
    private static final int QUEUE = 18;
    private static final int HASH = 20;
    private static final int L3 = 24;
    private static final int L4 = 26;
    private static final int PAYLOAD = 28;
    private static final int END = 30;
    private static final int PROTO = 32;
    private static final int FAMILY = 33;
    private static final int FLAGS = 34;
    private static final int TCP_FLAGS = 36;
    private static final int PARSE_RESULT = 37;
    private static final int RECORD_COUNT = 38;
    private static final int VLAN_0 = 40;
    private static final int VLAN_1 = 44;
    private static final int MARK = 48;
    private static final int EGRESS = 52;
    private static final int INGRESS = 54;
    private static final int LINK_TYPE = 56;
    private static final int LINK_CLASS = 58;
    private static final int ORIGINAL_BYTES = 60;

    private static final int RECEIVE_NS = 64;
    private static final int CHECKSUM_STATE = 76;
    private static final int CHECKSUM_LEVEL = 77;
    private static final int VERDICT = 78;
    private static final int TRACED = 79;
    private static final int CHECKSUM_SUM = 80;
    private static final int CHECKSUM_FLAGS = 82;
    private static final int CHECKSUM_START = 84;
    private static final int CHECKSUM_OFFSET = 86;
    private static final int GSO_TYPE = 88;
    private static final int GSO_SIZE = 92;
    private static final int GSO_SEGMENTS = 94;
    private static final int INNER_L3 = 96;
    private static final int INNER_L4 = 98;
    private static final int INNER_PAYLOAD = 100;
    private static final int INNER_END = 102;
    private static final int INNER_PROTO = 104;
    private static final int INNER_FAMILY = 105;
    private static final int INNER_FLAGS = 106;
    private static final int NEXT_HOP = 108;
    private static final int FRAGMENT_BYTES_MAX = 112;
    private static final int FRAGMENTS_HAD_DF = 114;
    private static final int PIECE_BYTES = 116;
    private static final int FRAGMENT_ID = 120;
    private static final int INSERTED_TAG = 124;
    private static final int FILTERED = 118;

    private static final int LINK_TYPE_ETHERNET = 1;

    /// No next slot and no last one.
    private static final long NO_SLOTS = (long) NONE << 32 | NONE & 0xffff_ffffL;

    public static final long WHOLE_ETHERNET = LINK_TYPE_ETHERNET;

    /// [#filtered] of a packet that no filter in hardware matched.
    public static final int FILTERED_NOT = 0;
    /// [#filtered] of a packet that filters in hardware have let pass for good.
    public static final int FILTERED_WHOLLY = 1;
    /// [#filtered], less the chain, of a packet that filters in hardware matched without deciding about it.
    public static final int FILTERED_UP_TO = 2;
    /// Chains that [#filtered] can name.
    public static final int FILTERED_CHAINS_MAX = 0x7fff - FILTERED_UP_TO + 1;
    private static final int RULED = 0x8000;

    /// The metadata of a packet of which nothing is known yet.
    private static final MemorySegment BEGUN = begun();

    private final MemorySegment memory;

    public PacketMeta(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Makes a slot a packet of its own: `frameBytes` long, beginning behind the standard headroom, everything else
    /// zero but the link type Ethernet.
    public void begin(int packet, int frameBytes, int port, int queue, long receiveNs) {
        assert frameBytes >= 0;
        assert frameBytes <= PacketMemory.FRAME_BYTES_MAX : frameBytes;
        long at = at(packet);
        CacheLines.copyOne(BEGUN, 0, memory, at);
        CacheLines.copyOne(BEGUN, CacheLines.LINE_BYTES, memory, at + CacheLines.LINE_BYTES);
        Wire.hostI64(memory, at + DATA_AT, Wire.hostGroup(PacketMemory.FRAME_AT, frameBytes, frameBytes));
        Wire.hostI64(memory, at + PORT, Wire.hostGroup(port, queue, 0));
        Wire.hostI64(memory, at + RECEIVE_NS, receiveNs);
    }

    private static MemorySegment begun() {
        MemorySegment begun = Arena.global().allocate(PacketMemory.META_BYTES, CacheLines.LINE_BYTES);
        Wire.hostI32(begun, NEXT, NONE);
        Wire.hostI32(begun, LAST, NONE);
        Wire.hostU16(begun, LINK_TYPE, LINK_TYPE_ETHERNET);
        return begun;
    }

    /// Takes over what is known about `packet` but for its slots and lengths: port, offsets, mark, times and so on.
    public void copyFrom(int packet, int target) {
        Wire.copy(memory, at(packet) + PORT, memory, at(target) + PORT, PacketMemory.META_BYTES - PORT);
    }

    /// Makes a slot a packet of its own, its first byte at `dataAt`, of which everything is known that is known of
    /// `packet` but for its slots and lengths. Both may be the same.
    public void beginFrom(int packet, int target, int dataAt, int slotBytes) {
        assert dataAt >= PacketMemory.META_BYTES : dataAt;
        assert dataAt + slotBytes <= CHUNK_BYTES : slotBytes;
        long at = at(target);
        if (packet != target) {
            CacheLines.copyOne(memory, at(packet), memory, at);
            CacheLines.copyOne(memory, at(packet) + CacheLines.LINE_BYTES, memory, at + CacheLines.LINE_BYTES);
        }
        Wire.hostI64(memory, at + NEXT, NO_SLOTS);
        Wire.hostI64(memory, at + DATA_AT, Wire.hostGroup(dataAt, slotBytes, slotBytes));
    }

    /// First byte of the packet in the segment.
    public long frameAt(int packet) {
        return at(packet) + dataAt(packet);
    }

    /// The slot after this one in its chain, or `NONE`.
    public int next(int packet)               { return Wire.hostI32(memory, at(packet) + NEXT); }
    public void next(int packet, int slot)    { Wire.hostI32(memory, at(packet) + NEXT, slot); }

    /// In the first slot of a chain, its last slot; `NONE` where the packet is one slot.
    public int last(int packet)               { return Wire.hostI32(memory, at(packet) + LAST); }
    public void last(int packet, int slot)    { Wire.hostI32(memory, at(packet) + LAST, slot); }

    public boolean isChain(int packet)        { return next(packet) != NONE; }

    public int dataAt(int packet)             { return Wire.hostU16(memory, at(packet) + DATA_AT); }
    public void dataAt(int packet, int value) {
        assert value >= PacketMemory.META_BYTES : value;
        assert value <= CHUNK_BYTES : value;
        Wire.hostU16(memory, at(packet) + DATA_AT, value);
    }

    /// Moves the packet's first byte: `byteCount` bytes are added in front (undefined), or given up if negative.
    /// Offsets that count from the first byte move along.
    public void moveFront(int packet, int byteCount) {
        if (byteCount == 0) return;
        dataAt(packet, dataAt(packet) - byteCount);
        slotBytes(packet, slotBytes(packet) + byteCount);
        packetBytes(packet, packetBytes(packet) + byteCount);
        l3(packet, l3(packet) + byteCount);
        l4(packet, l4(packet) + byteCount);
        payload(packet, payload(packet) + byteCount);
        end(packet, end(packet) + byteCount);
        if (recordCount(packet) <= 1) return;
        innerL3(packet, innerL3(packet) + byteCount);
        innerL4(packet, innerL4(packet) + byteCount);
        innerPayload(packet, innerPayload(packet) + byteCount);
        innerEnd(packet, innerEnd(packet) + byteCount);
    }

    /// Bytes of the packet that lie in this slot.
    public int slotBytes(int packet)          { return Wire.hostU16(memory, at(packet) + SLOT_DATA_BYTES); }
    public void slotBytes(int packet, int value) {
        assert value >= 0;
        assert dataAt(packet) + value <= CHUNK_BYTES : value;
        Wire.hostU16(memory, at(packet) + SLOT_DATA_BYTES, value);
    }

    /// Bytes of the whole packet, chain included.
    public int packetBytes(int packet)        { return Wire.hostI32(memory, at(packet) + PACKET_BYTES); }
    public void packetBytes(int packet, int value) { Wire.hostI32(memory, at(packet) + PACKET_BYTES, value); }

    /// Index of the port the packet came from.
    public int port(int packet)               { return Wire.hostU16(memory, at(packet) + PORT); }
    public void port(int packet, int value)   { Wire.hostU16(memory, at(packet) + PORT, value); }

    public int queue(int packet)              { return Wire.hostU16(memory, at(packet) + QUEUE); }
    public void queue(int packet, int value)  { Wire.hostU16(memory, at(packet) + QUEUE, value); }

    public int hash(int packet)               { return Wire.hostI32(memory, at(packet) + HASH); }
    public void hash(int packet, int value)   { Wire.hostI32(memory, at(packet) + HASH, value); }

    public int l3(int packet)                 { return Wire.hostU16(memory, at(packet) + L3); }
    public void l3(int packet, int value)     { Wire.hostU16(memory, at(packet) + L3, value); }

    public int l4(int packet)                 { return Wire.hostU16(memory, at(packet) + L4); }
    public void l4(int packet, int value)     { Wire.hostU16(memory, at(packet) + L4, value); }

    public int payload(int packet)            { return Wire.hostU16(memory, at(packet) + PAYLOAD); }
    public void payload(int packet, int value) { Wire.hostU16(memory, at(packet) + PAYLOAD, value); }

    /// Where the packet ends by what its headers say, padding behind not counted.
    public int end(int packet)                { return Wire.hostU16(memory, at(packet) + END); }
    public void end(int packet, int value)    { Wire.hostU16(memory, at(packet) + END, value); }

    /// Transport protocol (IANA number).
    public int proto(int packet)              { return Wire.u8(memory, at(packet) + PROTO); }
    public void proto(int packet, int value)  { Wire.u8(memory, at(packet) + PROTO, value); }

    /// 4, 6, or 0 where the packet is neither.
    public int family(int packet)             { return Wire.u8(memory, at(packet) + FAMILY); }
    public void family(int packet, int value) { Wire.u8(memory, at(packet) + FAMILY, value); }

    /// [ParseFlags] of the outermost headers.
    public int flags(int packet)              { return Wire.hostU16(memory, at(packet) + FLAGS); }
    public void flags(int packet, int value)  { Wire.hostU16(memory, at(packet) + FLAGS, value); }

    public int tcpFlags(int packet)              { return Wire.u8(memory, at(packet) + TCP_FLAGS); }
    public void tcpFlags(int packet, int value)  { Wire.u8(memory, at(packet) + TCP_FLAGS, value); }

    public int parseResult(int packet)             { return Wire.u8(memory, at(packet) + PARSE_RESULT); }
    public void parseResult(int packet, int value) { Wire.u8(memory, at(packet) + PARSE_RESULT, value); }

    public int recordCount(int packet)             { return Wire.u8(memory, at(packet) + RECORD_COUNT); }
    public void recordCount(int packet, int value) { Wire.u8(memory, at(packet) + RECORD_COUNT, value); }

    /// Outermost VLAN tag as TPID × 65,536 + TCI; 0 is none.
    public int vlan0(int packet)              { return Wire.hostI32(memory, at(packet) + VLAN_0); }
    public void vlan0(int packet, int value)  { Wire.hostI32(memory, at(packet) + VLAN_0, value); }

    public int vlan1(int packet)              { return Wire.hostI32(memory, at(packet) + VLAN_1); }
    public void vlan1(int packet, int value)  { Wire.hostI32(memory, at(packet) + VLAN_1, value); }

    public int mark(int packet)               { return Wire.hostI32(memory, at(packet) + MARK); }
    public void mark(int packet, int value)   { Wire.hostI32(memory, at(packet) + MARK, value); }

    /// Index of the interface that the packet is to leave by.
    public int egress(int packet)             { return Wire.hostU16(memory, at(packet) + EGRESS); }
    public void egress(int packet, int value) { Wire.hostU16(memory, at(packet) + EGRESS, value); }

    /// Index of the interface that the packet came by.
    public int ingress(int packet)             { return Wire.hostU16(memory, at(packet) + INGRESS); }
    public void ingress(int packet, int value) { Wire.hostU16(memory, at(packet) + INGRESS, value); }

    /// To whom the frame was addressed: [LinkClass].
    public int linkClass(int packet)             { return Wire.u8(memory, at(packet) + LINK_CLASS); }
    public void linkClass(int packet, int value) { Wire.u8(memory, at(packet) + LINK_CLASS, value); }

    public long receiveNs(int packet)               { return Wire.hostI64(memory, at(packet) + RECEIVE_NS); }
    public void receiveNs(int packet, long value)   { Wire.hostI64(memory, at(packet) + RECEIVE_NS, value); }

    /// Bytes the packet had on the wire where a capture cut it; 0 where nothing was cut.
    public int originalBytes(int packet)             { return Wire.hostI32(memory, at(packet) + ORIGINAL_BYTES); }
    public void originalBytes(int packet, int value) { Wire.hostI32(memory, at(packet) + ORIGINAL_BYTES, value); }

    /// One of the four states of [ChecksumState].
    public int checksumState(int packet)             { return Wire.u8(memory, at(packet) + CHECKSUM_STATE); }
    public void checksumState(int packet, int value) { Wire.u8(memory, at(packet) + CHECKSUM_STATE, value); }

    /// UNNECESSARY: how many consecutive checksums were found right, outermost first, less one; 0 to 3.
    public int checksumLevel(int packet)             { return Wire.u8(memory, at(packet) + CHECKSUM_LEVEL); }
    public void checksumLevel(int packet, int value) { Wire.u8(memory, at(packet) + CHECKSUM_LEVEL, value); }

    /// What else is known of the checksums: flags of [ChecksumState].
    public int checksumFlags(int packet)             { return Wire.u8(memory, at(packet) + CHECKSUM_FLAGS); }
    public void checksumFlags(int packet, int value) { Wire.u8(memory, at(packet) + CHECKSUM_FLAGS, value); }

    /// COMPLETE: the sum of the bytes from the start to the packet's end, in 16 bits.
    public int checksumSum(int packet)               { return Wire.hostU16(memory, at(packet) + CHECKSUM_SUM); }
    public void checksumSum(int packet, int value)   { Wire.hostU16(memory, at(packet) + CHECKSUM_SUM, value); }

    /// COMPLETE and PARTIAL: where the sum starts, from the slot's first byte, so that pushing headers leaves it true.
    public int checksumStart(int packet)              { return Wire.hostU16(memory, at(packet) + CHECKSUM_START); }
    public void checksumStart(int packet, int value)  { Wire.hostU16(memory, at(packet) + CHECKSUM_START, value); }

    /// PARTIAL: where the field lies, from the start.
    public int checksumOffset(int packet)             { return Wire.hostU16(memory, at(packet) + CHECKSUM_OFFSET); }
    public void checksumOffset(int packet, int value) { Wire.hostU16(memory, at(packet) + CHECKSUM_OFFSET, value); }

    /// What is to be cut, and how: bits of [GsoType]; 0 where the packet is one segment.
    public int gsoType(int packet)                { return Wire.hostI32(memory, at(packet) + GSO_TYPE); }
    public void gsoType(int packet, int value)    { Wire.hostI32(memory, at(packet) + GSO_TYPE, value); }

    /// Payload bytes of each segment; 0 where the packet is one segment, [GsoType#BY_SLOTS] where each slot holds
    /// one.
    public int gsoSize(int packet)                { return Wire.hostU16(memory, at(packet) + GSO_SIZE); }
    public void gsoSize(int packet, int value)    { Wire.hostU16(memory, at(packet) + GSO_SIZE, value); }

    /// How many segments it is; 0 where nobody counted.
    public int gsoSegments(int packet)             { return Wire.hostU16(memory, at(packet) + GSO_SEGMENTS); }
    public void gsoSegments(int packet, int value) { Wire.hostU16(memory, at(packet) + GSO_SEGMENTS, value); }

    /// The link type (a `LINKTYPE_` number) of the wire it came from; Ethernet is 1.
    public int linkType(int packet)               { return Wire.hostU16(memory, at(packet) + LINK_TYPE); }
    public void linkType(int packet, int value)   { Wire.hostU16(memory, at(packet) + LINK_TYPE, value); }

    public int innerL3(int packet)                { return Wire.hostU16(memory, at(packet) + INNER_L3); }
    public void innerL3(int packet, int value)    { Wire.hostU16(memory, at(packet) + INNER_L3, value); }

    public int innerL4(int packet)                { return Wire.hostU16(memory, at(packet) + INNER_L4); }
    public void innerL4(int packet, int value)    { Wire.hostU16(memory, at(packet) + INNER_L4, value); }

    public int innerPayload(int packet)             { return Wire.hostU16(memory, at(packet) + INNER_PAYLOAD); }
    public void innerPayload(int packet, int value) { Wire.hostU16(memory, at(packet) + INNER_PAYLOAD, value); }

    public int innerEnd(int packet)               { return Wire.hostU16(memory, at(packet) + INNER_END); }
    public void innerEnd(int packet, int value)   { Wire.hostU16(memory, at(packet) + INNER_END, value); }

    public int innerProto(int packet)             { return Wire.u8(memory, at(packet) + INNER_PROTO); }
    public void innerProto(int packet, int value) { Wire.u8(memory, at(packet) + INNER_PROTO, value); }

    public int innerFamily(int packet)             { return Wire.u8(memory, at(packet) + INNER_FAMILY); }
    public void innerFamily(int packet, int value) { Wire.u8(memory, at(packet) + INNER_FAMILY, value); }

    public int innerFlags(int packet)              { return Wire.hostU16(memory, at(packet) + INNER_FLAGS); }
    public void innerFlags(int packet, int value)  { Wire.hostU16(memory, at(packet) + INNER_FLAGS, value); }

    /// Number of the next hop the route chose.
    public int nextHop(int packet)                { return Wire.hostI32(memory, at(packet) + NEXT_HOP); }
    public void nextHop(int packet, int value)    { Wire.hostI32(memory, at(packet) + NEXT_HOP, value); }

    /// Of a packet put together from fragments: the IP bytes of the largest, headers included; 0 where it came whole.
    public int fragmentBytesMax(int packet)             { return Wire.hostU16(memory, at(packet) + FRAGMENT_BYTES_MAX); }
    public void fragmentBytesMax(int packet, int value) {
        Wire.hostU16(memory, at(packet) + FRAGMENT_BYTES_MAX, value);
    }

    /// Of a packet put together from IPv4 fragments: true if the largest had DF, so that those it is cut into have.
    public boolean fragmentsHadDf(int packet)           { return Wire.u8(memory, at(packet) + FRAGMENTS_HAD_DF) != 0; }
    public void fragmentsHadDf(int packet, boolean yes) {
        Wire.u8(memory, at(packet) + FRAGMENTS_HAD_DF, yes ? 1 : 0);
    }

    /// Of any slot of a packet put together from fragments: how much the fragment held that came in this slot, its
    /// headers not counted; 0 where none began here.
    public int pieceBytes(int slot)                     { return Wire.hostU16(memory, at(slot) + PIECE_BYTES); }
    public void pieceBytes(int slot, int value)         { Wire.hostU16(memory, at(slot) + PIECE_BYTES, value); }

    /// Of a packet put together from IPv6 fragments: what their identification is made from again.
    public int fragmentId(int packet)                   { return Wire.hostI32(memory, at(packet) + FRAGMENT_ID); }
    public void fragmentId(int packet, int value)       { Wire.hostI32(memory, at(packet) + FRAGMENT_ID, value); }

    /// The VLAN tag that the device is to insert behind the MAC addresses, as TPID × 65,536 + TCI; 0 is none.
    public int insertedTag(int packet)                  { return Wire.hostI32(memory, at(packet) + INSERTED_TAG); }
    public void insertedTag(int packet, int value)      { Wire.hostI32(memory, at(packet) + INSERTED_TAG, value); }

    /// How far filters in hardware have come with the packet: [#FILTERED_NOT], [#FILTERED_WHOLLY], or
    /// [#FILTERED_UP_TO] plus the chain in which no more of them matched.
    public int filtered(int packet)    { return Wire.hostU16(memory, at(packet) + FILTERED) & ~RULED; }

    /// True if hardware has run the chains of rules on the packet that are offloaded to it.
    public boolean isRuled(int packet) { return (Wire.hostU16(memory, at(packet) + FILTERED) & RULED) != 0; }

    public void filtered(int packet, int value, boolean isRuled) {
        Wire.hostU16(memory, at(packet) + FILTERED, isRuled ? value | RULED : value);
    }

    /// What packets have in common that may be merged, beside their bytes: hash, port, and [#filtered].
    public long mergeKey(int packet) {
        long filtered = Wire.hostU16(memory, at(packet) + FILTERED);
        return filtered << 48 | (long) port(packet) << 32 | Integer.toUnsignedLong(hash(packet));
    }

    /// What was decided about the packet, for the tracer and captures of drops.
    public Verdict verdict(int packet)            { return Verdict.of(Wire.u8(memory, at(packet) + VERDICT)); }
    public void verdict(int packet, Verdict value) { Wire.u8(memory, at(packet) + VERDICT, value.ordinal()); }

    public boolean isTraced(int packet)           { return Wire.u8(memory, at(packet) + TRACED) != 0; }
    public void isTraced(int packet, boolean yes) { Wire.u8(memory, at(packet) + TRACED, yes ? 1 : 0); }

    /// The static forms below take the packet memory's segment and where the slot begins in it: for what is done to
    /// every packet, where several fields are read at once from one word.
    ///
    /// "Data at", "bytes in this slot" and "bytes of the whole packet", in the low 16, the next 16 and the high 32
    /// bits.
    public static long extent(MemorySegment memory, long slotAt) {
        return Wire.hostI64(memory, slotAt + DATA_AT);
    }

    public static int dataAt(long extent)       { return (int) extent & 0xffff; }
    public static int slotBytes(long extent)    { return (int) extent >>> 16; }
    public static int packetBytes(long extent)  { return (int) (extent >>> 32); }

    /// Makes a packet of one slot begin and end elsewhere; nothing else is moved along.
    public static void extent(MemorySegment memory, long slotAt, int dataAt, int packetBytes) {
        assert dataAt >= PacketMemory.META_BYTES : dataAt;
        assert dataAt + packetBytes <= CHUNK_BYTES : packetBytes;
        Wire.hostI64(memory, slotAt + DATA_AT, Wire.hostGroup(dataAt, packetBytes, packetBytes));
    }

    /// True for a whole Ethernet frame: link type 1, not cut by its capture, not looked at yet.
    public static boolean isWholeEthernet(MemorySegment memory, long slotAt) {
        return linkWord(memory, slotAt) == WHOLE_ETHERNET;
    }

    /// Link type, link class and original bytes; [#WHOLE_ETHERNET] for what [#isWholeEthernet] says.
    public static long linkWord(MemorySegment memory, long slotAt) {
        return Wire.hostI64(memory, slotAt + LINK_TYPE);
    }

    public static int checksumState(MemorySegment memory, long slotAt) {
        return Wire.u8(memory, slotAt + CHECKSUM_STATE);
    }

    public static int port(MemorySegment memory, long slotAt) {
        return Wire.hostU16(memory, slotAt + PORT);
    }

    public static void egress(MemorySegment memory, long slotAt, int value) {
        Wire.hostU16(memory, slotAt + EGRESS, value);
    }

    /// Both VLAN tags: the outermost in the low half.
    public static long vlans(MemorySegment memory, long slotAt) {
        return Wire.hostI64(memory, slotAt + VLAN_0);
    }

    public static int linkType(MemorySegment memory, long slotAt) {
        return Wire.hostU16(memory, slotAt + LINK_TYPE);
    }

    /// What a parser found in the outermost headers, each word as it lies at 24, 32 and 40.
    public static void parsed(MemorySegment memory, long slotAt, long offsets, long protocols, long vlans) {
        Wire.hostI64(memory, slotAt + L3, offsets);
        Wire.hostI64(memory, slotAt + PROTO, protocols);
        Wire.hostI64(memory, slotAt + VLAN_0, vlans);
    }

    /// What a parser found in the innermost headers, as it lies at 96 and 104.
    public static void parsedInner(MemorySegment memory, long slotAt, long offsets, int protocols) {
        Wire.hostI64(memory, slotAt + INNER_L3, offsets);
        Wire.hostI32(memory, slotAt + INNER_PROTO, protocols);
    }

    private static long at(int packet) {
        return PacketMemory.at(packet);
    }
}
