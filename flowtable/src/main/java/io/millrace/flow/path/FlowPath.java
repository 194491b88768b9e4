package io.millrace.flow.path;

import io.millrace.flow.table.Attachments;
import io.millrace.flow.table.FlowFinder;
import io.millrace.flow.table.FlowLine;
import io.millrace.flow.table.FlowLinks;
import io.millrace.flow.table.FlowTable;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.jit.Specialised;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.memory.Wire;
import io.millrace.packet.parse.CompiledParser;
import io.millrace.packet.parse.ParseRecords;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;

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
/// filled in) is recognised and done in [FlowLoop] with few accesses to memory; every other hit is done by
/// [FlowRewrite], to the same bytes.
///
/// A packet in [#forwarded] begins with its new Ethernet header and ends where IP says; `egress` in its metadata is the
/// interface, and the burst's port the one port of all, or [Burst#MIXED]. A packet in [#unresolved] is rewritten too
/// but
/// begins with its IP header, for the neighbour table: `egress` and `nextHop`, the number of a link, say where it goes.
/// Whoever calls empties both before the next burst.
public final class FlowPath {

    private static final int PLAIN_BYTES = FlowLinks.USUAL_HEADER_BYTES;
    private static final int IPV4_BYTES = 20;
    private static final int IPV6_BYTES = 40;

    private final PacketMeta meta;
    private final MemorySegment memory;
    private final FlowFinder finder;
    private final Attachments attachments;
    private final FlowRewrite rewrite;
    private final long[] words;
    private final Burst forwarded = new Burst();
    private final Burst unresolved = new Burst();
    private final int[] places = new int[Burst.PACKETS_MAX];     // of what stays in the burst
    private final byte[] reasons = new byte[Burst.PACKETS_MAX];  // by place
    private final long[] missCounts = new long[FlowMiss.COUNT];
    private final FlowKernel kernel;
    private CompiledParser parser;   // of a burst that was not parsed, else null
    private long parsedPlaces;       // of that burst, a bit each
    private long hitCount;

    public FlowPath(PacketMemory packets, ParseRecords records, FlowTable flows, Attachments attachments,
                    FlowLife life) {
        this.meta = new PacketMeta(packets);
        this.memory = packets.segment();
        this.finder = FlowFinder.of(flows);
        this.attachments = attachments;
        this.words = records.words();
        this.rewrite = new FlowRewrite(packets, records, flows, life);
        var constants = new FlowConstants(packets.guarded(), packets.reachMask(), flows.segment(), flows.reachMask(),
            flows.links().reachMask(), flows.links().at(), finder, words, attachments.portMacs(),
            new int[Burst.PACKETS_MAX], new int[Burst.PACKETS_MAX], this);
        this.kernel = Specialised.copy(MethodHandles.lookup(), FlowLoop.class, FlowKernel.class, constants);
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
        process(burst, null, nowNs);
    }

    /// The same of a burst that nobody has parsed. A plain frame of a known flow passes without; whatever else there is
    /// goes through the parser first, and so does what stays in the burst.
    ///
    /// @param unparsed the parser, which writes the records that this path reads and takes Ethernet, IP, TCP and UDP for
    ///                 what their standards say; null if it has parsed the burst already
    public void process(Burst burst, CompiledParser unparsed, long nowNs) {
        assert forwarded.count() == 0;
        assert unresolved.count() == 0;
        int packetCount = burst.count();
        parser = unparsed;
        parsedPlaces = 0;
        kernel.findKeys(burst, unparsed == null);
        kernel.act(burst, nowNs);
        hitCount += packetCount - burst.count();
    }

    /// Makes sure that the records are those of the packet.
    private void parse(int place, int packet) {
        if (parser == null || (parsedPlaces >>> place & 1) != 0) return;
        parser.parse(packet, place);
        parsedPlaces |= 1L << place;
    }

    /// The key of a packet that is not plain, or why it has none.
    void findUnusualKey(int place, int port, int packet) {
        finder.skip(place);
        parse(place, packet);
        int record = ParseRecords.recordAt(place, 0);
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
            finder.want4(place, finder.shape(), words[record + 1] << 32 | words[record + 3] & 0xffff_ffffL, key);
        } else {
            finder.want6(place, finder.shape(), words[record], words[record + 1], words[record + 2],
                words[record + 3], key);
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

    /// A packet that is not plain.
    int takeUnusual(int packet, int place, long nowNs) {
        if (!finder.hasKey(place)) {
            missCounts[reasons[place]]++;
            return FlowRewrite.MISSED;
        }
        int record = ParseRecords.recordAt(place, 0);
        long lineAt = FlowLine.family(finder.selector(place)) == 4 ? finder.lineAt4(place)
            : finder.lineAt6(place, words[record + 1], words[record + 2], words[record + 3]);
        return takeTheWholeWay(packet, place, lineAt, nowNs);
    }

    int takeTheWholeWay(int packet, int place, long lineAt, long nowNs) {
        FlowMiss miss = FlowMiss.UNKNOWN;
        if (lineAt != FlowFinder.NONE) {
            parse(place, packet);
            long mac = attachments.mac(FlowLine.attachment(finder.selector(place)));
            int port = rewrite.rewrite(packet, place, lineAt, mac, nowNs);
            if (port != FlowRewrite.MISSED) return port;
            miss = rewrite.miss();
        }
        reasons[place] = (byte) miss.ordinal();
        missCounts[miss.ordinal()]++;
        return FlowRewrite.MISSED;
    }

    /// The packet at this place is now at `index` of the burst.
    void stays(int packet, int index, int place) {
        parse(place, packet);
        places[index] = place;
    }
}
