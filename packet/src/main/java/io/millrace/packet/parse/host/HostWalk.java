package io.millrace.packet.parse.host;

import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.parse.CompiledParser;
import io.millrace.packet.parse.ParseOutcome;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.ParseResult;
import io.millrace.packet.parse.graph.Length;
import io.millrace.packet.parse.graph.Limits;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// What all generated parsers share: the state of a walk that has left the common way, and the end of every walk. The
/// generated class adds the common way, a method a node, and the loop that calls them.
///
/// A node's method reads this state, moves `at` on and returns the next node's number, or the complement of a result.
abstract class HostWalk implements CompiledParser {

    private static final int END_SHIFT = 48;
    private static final int OFFSET_MAX = 0xffff;
    private static final long LENGTH_LIMIT = 1 << 30;

    private final ParseRecords table;
    private final MemorySegment memory;
    private final Limits limits;
    private final int startNode;

    private final long[] words;

    /// Offset in packet memory of the packet's first byte. Everything below counts from it.
    long frame;
    /// First byte of the header at hand.
    int at;
    /// Where the bytes end that can be read.
    int present;
    /// Where the packet ends, by its length and by what headers said.
    int end;
    /// Where headers must end.
    int limit;
    /// Headers entered.
    int nodes;
    /// Where the record at hand begins in the table.
    int record;

    private int index;
    private int recordCount;

    HostWalk(ParseRecords table, MemorySegment memory, Limits limits, int startNode) {
        boolean hasRoom = table.encapsMax() >= limits.encapsMax();
        Check.that(hasRoom, "records must have room for max-encaps", table.encapsMax());
        this.table = table;
        this.memory = memory;
        this.limits = limits;
        this.startNode = startNode;
        this.words = table.words();
    }

    /// Walks from this node to the end. Returns the outcome.
    abstract int walk(int node);

    /// The node that packets of this link type start in, or -1.
    abstract int root(int linkType);

    @Override
    public final ParseRecords records() {
        return table;
    }

    @Override
    public final int parse(int packet, int packetIndex, int start, int packetEnd) {
        assert start >= 0 : start;
        assert packetEnd >= 0 : packetEnd;
        long slotAt = PacketMemory.at(packet);
        long extent = PacketMeta.extent(memory, slotAt);
        begin(slotAt, extent, packetIndex, start, packetEnd);
        return walk(startNode);
    }

    /// Parses a packet without the common way.
    final int parseLongWay(int packet, int packetIndex) {
        long slotAt = PacketMemory.at(packet);
        int root = root(PacketMeta.linkType(memory, slotAt));
        if (root < 0) {
            begin(slotAt, 0, packetIndex, 0, 0);
            recordCount = 0;   // what was opened is not counted: zeros
            return publish(packet, finish(ParseResult.UNKNOWN_PROTO.ordinal()));
        }
        begin(slotAt, PacketMeta.extent(memory, slotAt), packetIndex, 0, Integer.MAX_VALUE);
        return publish(packet, walk(root));
    }

    /// Prepares a walk from `start` to `packetEnd`, or the packet's end if that is before, and opens record 0.
    private void begin(long slotAt, long extent, int packetIndex, int start, int packetEnd) {
        frame = slotAt + (extent & 0xffff);
        at = start;
        end = Math.min(packetEnd, (int) (extent >>> 32));
        present = Math.min((int) extent >>> 16, end);
        limit = start + limits.headerBytesMax();
        nodes = 0;
        index = packetIndex;
        recordCount = 0;
        open();
    }

    /// Goes on where the common way ended: record 0 is written, the rest of the state is given. Ends the walk.
    final int resume(int packet, long frameAt, int packetIndex, int headerAt, int presentAt, int endAt, int nodeCount,
                     int node) {
        frame = frameAt;
        at = headerAt;
        present = presentAt;
        end = endAt;
        limit = limits.headerBytesMax();
        nodes = nodeCount;
        index = packetIndex;
        recordCount = 1;
        record = ParseRecords.recordAt(packetIndex, 0);
        return publish(packet, walk(node));
    }

    /// Opens the record of one more encapsulation; false if the graph allows no more.
    final boolean enterEncap() {
        if (recordCount > limits.encapsMax()) return false;
        open();
        return true;
    }

    private void open() {
        record = ParseRecords.recordAt(index, recordCount++);
        Arrays.fill(words, record, record + ParseRecords.USED_WORDS, 0L);
        words[record + ParseRecords.OFFSETS_WORD] = (long) Math.min(end, OFFSET_MAX) << END_SHIFT;
    }

    /// A stated length in bytes, as [io.millrace.packet.parse.graph.Length] defines it, cut to what an `int` that is
    /// still to be added to can hold.
    static int length(long field, int multiplier, int add) {
        long counted = Long.compareUnsigned(field, Length.FIELD_MAX) > 0 ? Length.FIELD_MAX : field;
        return (int) Math.clamp(counted * multiplier + add, -LENGTH_LIMIT, LENGTH_LIMIT);
    }

    /// Ends a walk: the outcome goes into record 0. Returns it.
    final int finish(int result) {
        if (result > ParseResult.UNKNOWN_PROTO.ordinal()) {
            words[record + ParseRecords.FLAGS_WORD] |= ParseFlags.NOT_UNDERSTOOD;
        }
        long flags = 0;
        for (int i = 0; i < recordCount; i++) {
            flags |= words[ParseRecords.recordAt(index, i) + ParseRecords.FLAGS_WORD];
        }
        int outcome = ParseOutcome.of(result, recordCount, (int) flags & 0xffff);
        int last = ParseRecords.recordAt(index, 0) + ParseRecords.LAST_WORD;
        words[last] = lastWord(words[last], outcome);
        return outcome;
    }

    /// Copies what [#finish] left in the records to the packet's metadata. Returns the outcome.
    private int publish(int packet, int outcome) {
        long slotAt = PacketMemory.at(packet);
        int first = ParseRecords.recordAt(index, 0);
        PacketMeta.parsed(memory, slotAt, words[first + ParseRecords.OFFSETS_WORD],
            protocols(words[first + ParseRecords.PORTS_WORD], words[first + ParseRecords.FLAGS_WORD], outcome),
            words[first + ParseRecords.VLANS_WORD]);
        if (recordCount > 1) {
            long ports = words[record + ParseRecords.PORTS_WORD];
            long flags = words[record + ParseRecords.FLAGS_WORD];
            PacketMeta.parsedInner(memory, slotAt, words[record + ParseRecords.OFFSETS_WORD],
                (int) (ports >>> 32 & 0xffff | flags << 16));
        }
        return outcome;
    }

    static long lastWord(long keyId, int outcome) {
        return keyId & 0xffff_ffffL | (long) outcome << 32;
    }

    /// Proto, family, flags, TCP flags, result and record count as [PacketMeta] keeps them.
    static long protocols(long ports, long flags, int outcome) {
        return ports >>> 32 & 0xffff | (flags & 0xff_ffff) << 16 | (long) (outcome & 0xffff) << 40;
    }
}
