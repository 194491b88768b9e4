package io.millrace.flow.path;

import io.millrace.checksum.IncrementalUpdate;
import io.millrace.flow.table.Attachments;
import io.millrace.flow.table.FlowFinder;
import io.millrace.flow.table.FlowLine;
import io.millrace.flow.table.FlowLinks;
import io.millrace.flow.table.FlowTable;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.memory.Wire;
import io.millrace.packet.parse.ParseRecords;

import java.lang.foreign.MemorySegment;

/// The fast path: packets of known flows are rewritten and leave the burst, in the order of Linux's
/// `nf_flow_offload_ip_hook`; all others stay in it, unchanged, for the slow path.
///
/// ```
///  burst ──▶ key, hash, bucket ──▶ line ──▶ compare ──hit──▶ NAT, TTL, checksums, link header ──▶ forwarded
///                                              │                        └─ neighbour unknown ──▶ unresolved
///                                              └─miss: a FlowMiss─▶ stays in the burst
/// ```
///
/// What most packets are (untagged TCP or UDP of a live flow to a resolved neighbour, one slot, its checksum not to be
/// filled in) is done here with few accesses to memory; every other hit is done by [FlowRewrite], to the same bytes.
///
/// A packet in [#forwarded] begins with its new Ethernet header and ends where IP says; `egress` in its metadata is the
/// interface, and the burst's port the one port of all, or [Burst#MIXED]. A packet in [#unresolved] is rewritten too but
/// begins with its IP header, for the neighbour table: `egress` and `nextHop`, the number of a link, say where it goes.
/// Whoever calls empties both before the next burst.
public final class FlowPath {

    private static final int PLAIN_BYTES = 14;
    private static final int IPV4_BYTES = 20;
    private static final int IPV6_BYTES = 40;
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_CHECKSUM = 6;
    private static final int REFUSED = ParseFlags.FRAGMENT | ParseFlags.IPV4_OPTIONS | ParseFlags.IPV6_EXTENSIONS
        | ParseFlags.NOT_UNDERSTOOD | ParseFlags.CUT;
    private static final int UNUSUAL_STATE = FlowLine.CLOSING | FlowLine.TEARDOWN;
    private static final int USUAL_LINK = FlowLinks.RESOLVED;
    private static final int LINK_MASK = FlowLinks.RESOLVED | FlowLinks.PPPOE;

    private final PacketMeta meta;
    private final MemorySegment memory;
    private final MemorySegment table;
    private final FlowLinks links;
    private final FlowFinder finder;
    private final Attachments attachments;
    private final FlowRewrite rewrite;
    private final long[] words;
    private final Burst forwarded = new Burst();
    private final Burst unresolved = new Burst();
    private final int[] places = new int[Burst.PACKETS_MAX];     // of what stays in the burst
    private final byte[] reasons = new byte[Burst.PACKETS_MAX];  // by place
    private final long[] missCounts = new long[FlowMiss.COUNT];
    private long hitCount;
    private int routeGeneration;

    public FlowPath(PacketMemory packets, ParseRecords records, FlowTable flows, Attachments attachments,
                    FlowEndings endings) {
        this.meta = new PacketMeta(packets);
        this.memory = packets.segment();
        this.table = flows.segment();
        this.links = flows.links();
        this.finder = new FlowFinder(flows);
        this.attachments = attachments;
        this.words = records.words();
        this.rewrite = new FlowRewrite(packets, records, flows, endings);
    }

    /// Flows found under another number than this have lost their route, unless they are DIRECT.
    public void routeGeneration(int generation) {
        this.routeGeneration = generation;
    }

    public Burst forwarded()  { return forwarded; }
    public Burst unresolved() { return unresolved; }
    public long hitCount()    { return hitCount; }
    public long missCount(FlowMiss miss) { return missCounts[miss.ordinal()]; }

    /// Where the packet that is now at `index` of the burst was when it was parsed: where its records are.
    public int placeOf(int index) { return places[index]; }

    /// Why the packet that is now at `index` of the burst stayed in it.
    public FlowMiss missOf(int index) { return FlowMiss.of(reasons[places[index]]); }

    /// Takes the packets of known flows out of a burst that has just been parsed.
    public void process(Burst burst, long nowNs) {
        assert forwarded.count() == 0;
        assert unresolved.count() == 0;
        findKeys(burst);
        finder.touch(burst.count());
        act(burst, nowNs);
    }

    private void findKeys(Burst burst) {
        long[] words = this.words;
        FlowFinder finder = this.finder;
        int burstPort = burst.port();
        finder.begin();
        for (int place = 0; place < burst.count(); place++) {
            int record = ParseRecords.recordAt(place, 0);
            long selector = words[record + ParseRecords.PORTS_WORD];
            long offsets = words[record + ParseRecords.OFFSETS_WORD];
            int flags = (int) words[record + ParseRecords.FLAGS_WORD];
            long port = burstPort == Burst.MIXED ? meta.port(burst.packet(place)) : burstPort;
            int protocol = FlowLine.protocol(selector);
            int family = FlowLine.family(selector);
            int ipBytes = (int) (offsets >>> 16) - (int) offsets & 0xffff;
            boolean isPlain = words[record + ParseRecords.VLANS_WORD] == 0 && selector >>> 48 == 0
                && ((int) offsets & 0xffff) == PLAIN_BYTES;
            if (isPlain && (flags & REFUSED) == 0 && (protocol == IpProtocol.UDP || protocol == IpProtocol.TCP)) {
                selector |= port << 48;
                if (family == 4 && ipBytes == IPV4_BYTES) {
                    finder.want4(place, words[record + 1] << 32 | words[record + 3] & 0xffff_ffffL, selector);
                    continue;
                }
                if (family == 6 && ipBytes == IPV6_BYTES) {
                    finder.want6(place, words[record], words[record + 1], words[record + 2], words[record + 3],
                        selector);
                    continue;
                }
            }
            findUnusualKey(place, record, (int) port, burst.packet(place));
        }
    }

    /// The key of a packet with tags or session, or of GRE; else why it has none.
    private void findUnusualKey(int place, int record, int port, int packet) {
        finder.skip(place);
        int flags = (int) words[record + ParseRecords.FLAGS_WORD] & 0xffff;
        long selector = words[record + ParseRecords.PORTS_WORD];
        long offsets = words[record + ParseRecords.OFFSETS_WORD];
        int family = FlowLine.family(selector);
        int ipBytes = (int) (offsets >>> 16) - (int) offsets & 0xffff;
        FlowMiss miss = FlowMiss.UNKNOWN;
        if (family == 0 || (flags & (ParseFlags.NOT_UNDERSTOOD | ParseFlags.CUT)) != 0) {
            miss = FlowMiss.NOT_IP;
        } else if ((flags & ParseFlags.FRAGMENT) != 0) {
            miss = FlowMiss.FRAGMENT;
        } else if (ipBytes != (family == 4 ? IPV4_BYTES : IPV6_BYTES)
            || (flags & (ParseFlags.IPV4_OPTIONS | ParseFlags.IPV6_EXTENSIONS)) != 0) {
            miss = FlowMiss.OPTIONS;
        } else if (!isTracked(FlowLine.protocol(selector), packet, (int) offsets >>> 16)) {
            miss = FlowMiss.PROTOCOL;
        }
        reasons[place] = (byte) miss.ordinal();
        if (miss != FlowMiss.UNKNOWN) return;
        int session = (int) (selector >>> 48);
        long vlans = words[record + ParseRecords.VLANS_WORD];
        boolean isPlain = vlans == 0 && session == 0 && ((int) offsets & 0xffff) == PLAIN_BYTES;
        int attachment = isPlain ? port : attachments.find(port, vlans, session);
        if (attachment == Attachments.NONE || !isPlain && !isAsDeep((int) offsets & 0xffff, vlans, session)) {
            reasons[place] = (byte) FlowMiss.ENCAPSULATION.ordinal();
            return;
        }
        long key = selector & 0xffff_ffff_ffffL | (long) attachment << 48;
        if (family == 4) {
            finder.want4(place, words[record + 1] << 32 | words[record + 3] & 0xffff_ffffL, key);
        } else {
            finder.want6(place, words[record], words[record + 1], words[record + 2], words[record + 3], key);
        }
    }

    private boolean isTracked(int protocol, int packet, int l4) {
        if (protocol == IpProtocol.TCP || protocol == IpProtocol.UDP) return true;
        return protocol == IpProtocol.GRE && (Wire.u16(memory, meta.frameAt(packet) + l4) & 7) == 0;
    }

    /// True if nothing but these tags and this session lies in front of the IP header.
    private static boolean isAsDeep(int l3, long vlans, int session) {
        int bytes = PLAIN_BYTES + ((int) vlans == 0 ? 0 : 4) + (vlans >>> 32 == 0 ? 0 : 4) + (session == 0 ? 0 : 8);
        return l3 == bytes;
    }

    private void act(Burst burst, long nowNs) {
        int count = burst.count();
        int keptCount = 0;
        int sharedPort = Burst.MIXED;
        for (int place = 0; place < count; place++) {
            int packet = burst.packet(place);
            int port = hit(packet, place, nowNs);
            if (port >= 0) {
                sharedPort = forwarded.count() == 0 || sharedPort == port ? port : Burst.MIXED;
                forwarded.add(packet);
            } else if (port == FlowRewrite.UNRESOLVED) {
                unresolved.add(packet);
            } else {
                burst.packet(keptCount, packet);
                places[keptCount++] = place;
            }
        }
        forwarded.port(sharedPort);
        hitCount += count - keptCount;
        burst.truncate(keptCount);
    }

    /// The port that the packet leaves by, or a negative number: `UNRESOLVED`, or `MISSED` with the reason noted.
    private int hit(int packet, int place, long nowNs) {
        if (!finder.hasKey(place)) return missed(place, FlowMiss.of(reasons[place]));
        long selector = finder.selector(place);
        long[] words = this.words;
        int record = ParseRecords.recordAt(place, 0);
        long lineAt = FlowLine.family(selector) == 4 ? finder.lineAt4(place)
            : finder.lineAt6(place, words[record + 1], words[record + 2], words[record + 3]);
        if (lineAt == FlowFinder.NONE) return missed(place, FlowMiss.UNKNOWN);
        MemorySegment memory = this.memory;
        MemorySegment table = this.table;
        long slotAt = (long) packet * PacketMemory.SLOT_BYTES;
        long extent = PacketMeta.extent(memory, slotAt);
        long frameAt = slotAt + PacketMeta.dataAt(extent);
        if (!PacketMeta.isWholeEthernet(memory, slotAt)) return missed(place, FlowMiss.NOT_ETHERNET);
        if (Wire.i64(memory, frameAt) >>> 16 != attachments.mac(FlowLine.attachment(selector))) {
            return missed(place, FlowMiss.OTHER_HOST);
        }
        long way = FlowLine.way(table, lineAt);
        long linkAt = links.at() + (long) FlowLine.linkOf(way) * FlowLinks.LINK_BYTES;
        long linkWord = Wire.hostI64(table, linkAt + FlowLinks.WORD);
        boolean isUsual = FlowLinks.headerBytes(linkWord) == PLAIN_BYTES
            && (FlowLinks.flags(linkWord) & LINK_MASK) == USUAL_LINK
            && ((FlowLinks.flags(linkWord) & FlowLinks.DIRECT) != 0
                || Wire.hostI32(table, linkAt + FlowLinks.GENERATION) == routeGeneration)
            && (FlowLine.stateOf(way) & UNUSUAL_STATE) == 0
            && (words[record + ParseRecords.FLAGS_WORD] & ParseFlags.TCP_FIN_SYN_RST) == 0
            && FlowLine.attachment(selector) < Attachments.PORTS_MAX
            && FlowLine.protocol(selector) != IpProtocol.GRE
            && PacketMeta.slotBytes(extent) == PacketMeta.packetBytes(extent)
            && meta.checksumState(packet) <= ChecksumState.UNNECESSARY;
        if (isUsual) {
            int port = FlowLine.family(selector) == 4
                ? forward4(packet, extent, lineAt, way, linkAt, linkWord, selector, nowNs)
                : forward6(packet, extent, lineAt, way, linkAt, linkWord, selector, nowNs);
            if (port >= 0) return port;
        }
        int port = rewrite.rewrite(packet, place, lineAt, routeGeneration, nowNs);
        return port == FlowRewrite.MISSED ? missed(place, rewrite.miss()) : port;
    }

    private int missed(int place, FlowMiss miss) {
        reasons[place] = (byte) miss.ordinal();
        missCounts[miss.ordinal()]++;
        return FlowRewrite.MISSED;
    }

    /// A negative number, and nothing changed, if the packet is not usual after all.
    private int forward4(int packet, long extent, long lineAt, long way, long linkAt, long linkWord, long selector,
                         long nowNs) {
        MemorySegment memory = this.memory;
        MemorySegment table = this.table;
        long slotAt = (long) packet * PacketMemory.SLOT_BYTES;
        long at = slotAt + PacketMeta.dataAt(extent) + PLAIN_BYTES;
        int totalBytes = Wire.u16(memory, at + 2);
        int ttlWord = Wire.i32(memory, at + 8);    // TTL, protocol, checksum
        if (ttlWord >>> 24 <= 1 || totalBytes > FlowLine.mtuOf(way)) return FlowRewrite.MISSED;
        long portsAndDeltas = Wire.hostI64(table, lineAt + FlowLine.NEW_PORTS_AND_DELTAS);
        Wire.i32(memory, at + 8, (ttlWord & 0xffff_0000) - 0x0100_0000
            | IncrementalUpdate.apply(ttlWord & 0xffff, FlowLine.headerDeltaOf(portsAndDeltas)));
        if ((FlowLine.stateOf(way) & FlowLine.NAT) != 0) {
            Wire.i64(memory, at + 12, Wire.hostI64(table, lineAt + FlowLine.NEW_ADDRESSES));
            translate(memory, at + IPV4_BYTES, portsAndDeltas, selector);
        }
        finish(memory, table, slotAt, at, totalBytes, lineAt, linkAt, linkWord, nowNs);
        return FlowLinks.port(linkWord);
    }

    private int forward6(int packet, long extent, long lineAt, long way, long linkAt, long linkWord, long selector,
                         long nowNs) {
        MemorySegment memory = this.memory;
        MemorySegment table = this.table;
        long slotAt = (long) packet * PacketMemory.SLOT_BYTES;
        long at = slotAt + PacketMeta.dataAt(extent) + PLAIN_BYTES;
        int lengthWord = Wire.i32(memory, at + 4);    // payload length, next header, hop limit
        int totalBytes = IPV6_BYTES + (lengthWord >>> 16);
        if ((lengthWord & 0xff) <= 1 || totalBytes > FlowLine.mtuOf(way)) return FlowRewrite.MISSED;
        Wire.i32(memory, at + 4, lengthWord - 1);
        if ((FlowLine.stateOf(way) & FlowLine.NAT) != 0) {
            Wire.i64(memory, at + 8, Wire.hostI64(table, lineAt + FlowLine.NEW_ADDRESSES));
            Wire.i64(memory, at + 16, Wire.hostI64(table, lineAt + FlowLine.NEW_SOURCE_LOW));
            Wire.i64(memory, at + 24, Wire.hostI64(table, lineAt + FlowLine.NEW_TARGET_HIGH));
            Wire.i64(memory, at + 32, Wire.hostI64(table, lineAt + FlowLine.NEW_TARGET_LOW));
            translate(memory, at + IPV6_BYTES, Wire.hostI64(table, lineAt + FlowLine.NEW_PORTS_AND_DELTAS), selector);
        }
        finish(memory, table, slotAt, at, totalBytes, lineAt, linkAt, linkWord, nowNs);
        return FlowLinks.port(linkWord);
    }

    /// Ports and checksum of TCP or UDP.
    private static void translate(MemorySegment memory, long l4At, long portsAndDeltas, long selector) {
        Wire.i32(memory, l4At, FlowLine.newPortsOf(portsAndDeltas));
        int delta = FlowLine.transportDeltaOf(portsAndDeltas);
        if (FlowLine.protocol(selector) == IpProtocol.TCP) {
            Wire.u16(memory, l4At + TCP_CHECKSUM,
                IncrementalUpdate.apply(Wire.u16(memory, l4At + TCP_CHECKSUM), delta));
        } else {
            Wire.u16(memory, l4At + UDP_CHECKSUM,
                IncrementalUpdate.applyUdp(Wire.u16(memory, l4At + UDP_CHECKSUM), delta));
        }
    }

    private static void finish(MemorySegment memory, MemorySegment table, long slotAt, long at, int totalBytes,
                               long lineAt, long linkAt, long linkWord, long nowNs) {
        // 14 bytes as two longs that overlap.
        Wire.hostI64(memory, at - 14, Wire.hostI64(table, linkAt + FlowLinks.HEADER_END - 14));
        Wire.hostI64(memory, at - 8, Wire.hostI64(table, linkAt + FlowLinks.HEADER_END - 8));
        PacketMeta.extent(memory, slotAt, (int) (at - slotAt) - PLAIN_BYTES, PLAIN_BYTES + totalBytes);
        PacketMeta.egress(memory, slotAt, FlowLinks.interfaceIndex(linkWord));
        Wire.hostI64(table, lineAt + FlowLine.PACKETS, FlowLine.packets(table, lineAt) + 1);
        Wire.hostI64(table, lineAt + FlowLine.BYTES, FlowLine.bytes(table, lineAt) + totalBytes);
        Wire.hostI64(table, lineAt + FlowLine.LAST_USED, nowNs);
    }
}
