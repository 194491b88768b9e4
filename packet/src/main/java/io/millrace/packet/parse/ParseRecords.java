package io.millrace.packet.parse;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A worker's side table: what its parser found in each packet of the burst at hand. A packet has record 0 for its
/// outermost headers and one more for each encapsulation. Valid until the next burst is parsed.
///
/// ```
///   0 u128 source                    16 u128 target                     } the flow key:
///  32 u16 source port  34 u16 target port  36 u8 proto  37 u8 family    } KEY_BYTES, six longs
///  38 u16 PPPoE session              40 i32 vlan 0       44 i32 vlan 1  }
///  48 u16 l3           50 u16 l4     52 u16 payload      54 u16 end
///  56 u16 flags        58 u8 TCP flags  59 u8 checksum offset  60 u16 checksum start  62 u16 l2
///  64 i32 key id       68 i32 outcome (record 0 alone)   72 .. 127 zero
/// ```
///
/// Numbers are in the machine's byte order; an address is two longs, the more significant first, an IPv4 address the
/// low 32 bits of the second. Offsets count from the packet's first byte. The outcome is a [ParseOutcome].
///
/// The accessors take what [#recordAt] returns. One thread owns the table.
public final class ParseRecords {

    public static final int RECORD_BYTES = 128;   // two cache lines; a hit needs the first alone
    /// Bytes that are in use, from the record's start: nine longs.
    public static final int USED_BYTES = 72;
    /// Bytes of the flow key, at the record's start.
    public static final int KEY_BYTES = 48;

    /// Where in record 0 the outcome lies.
    public static final int OUTCOME_OFFSET = 68;

    private final MemorySegment memory;
    private final int encapsMax;

    /// @param encapsMax the `max-encaps` of the graphs that write here
    public ParseRecords(Arena arena, int encapsMax) {
        Check.that(encapsMax >= 0, "encapsMax must not be negative", encapsMax);
        this.encapsMax = encapsMax;
        this.memory = arena.allocate((long) RECORD_BYTES * Burst.PACKETS_MAX * (encapsMax + 1), RECORD_BYTES);
    }

    public MemorySegment segment() { return memory; }
    public int encapsMax()         { return encapsMax; }

    /// Where the record lies, for the packet at `index` of the burst.
    public static long recordAt(int index, int record) {
        assert index >= 0 : index;
        assert index < Burst.PACKETS_MAX : index;
        int place = index & Burst.PACKETS_MAX - 1;   // changes nothing, but tells the JIT the bounds
        return (long) RECORD_BYTES * (record * Burst.PACKETS_MAX + place);
    }

    /// Where the packet's innermost record lies; record 0 if it has none.
    public long lastAt(int index) {
        int recordCount = ParseOutcome.recordCount(outcome(index));
        return recordAt(index, Math.max(0, recordCount - 1));
    }

    /// The outcome of the packet at `index` of the burst.
    public int outcome(int index)              { return Wire.hostI32(memory, recordAt(index, 0) + OUTCOME_OFFSET); }

    public long sourceHigh(long recordAt)      { return Wire.hostI64(memory, recordAt); }
    public long sourceLow(long recordAt)       { return Wire.hostI64(memory, recordAt + 8); }
    public long targetHigh(long recordAt)      { return Wire.hostI64(memory, recordAt + 16); }
    public long targetLow(long recordAt)       { return Wire.hostI64(memory, recordAt + 24); }
    /// ICMP echo: the identifier, in both ports.
    public int sourcePort(long recordAt)       { return u16(recordAt, RecordField.SOURCE_PORT); }
    public int targetPort(long recordAt)       { return u16(recordAt, RecordField.TARGET_PORT); }
    public int proto(long recordAt)            { return u8(recordAt, RecordField.PROTO); }
    /// 4, 6, or 0 where it is neither.
    public int family(long recordAt)           { return u8(recordAt, RecordField.FAMILY); }
    public int session(long recordAt)          { return u16(recordAt, RecordField.SESSION); }
    /// TPID × 65,536 + TCI of the outermost tag; 0 is none.
    public int vlan0(long recordAt)            { return i32(recordAt, RecordField.VLAN_0); }
    public int vlan1(long recordAt)            { return i32(recordAt, RecordField.VLAN_1); }
    public int l2(long recordAt)               { return u16(recordAt, RecordField.L2); }
    public int l3(long recordAt)               { return u16(recordAt, RecordField.L3); }
    public int l4(long recordAt)               { return u16(recordAt, RecordField.L4); }
    public int payload(long recordAt)          { return u16(recordAt, RecordField.PAYLOAD); }
    /// Where the packet ends as far as the headers of this record say; at most 65,535.
    public int end(long recordAt)              { return u16(recordAt, RecordField.END); }
    /// [io.millrace.packet.memory.ParseFlags] of this record.
    public int flags(long recordAt)            { return u16(recordAt, RecordField.FLAGS); }
    public int tcpFlags(long recordAt)         { return u8(recordAt, RecordField.TCP_FLAGS); }
    public int checksumStart(long recordAt)    { return u16(recordAt, RecordField.CHECKSUM_START); }
    public int checksumOffset(long recordAt)   { return u8(recordAt, RecordField.CHECKSUM_OFFSET); }
    /// VNI, GRE key, TEID, SPI or MPLS label.
    public int keyId(long recordAt)            { return i32(recordAt, RecordField.KEY_ID); }

    private int u8(long recordAt, RecordField field)  { return Wire.u8(memory, recordAt + field.offset()); }
    private int u16(long recordAt, RecordField field) { return Wire.hostU16(memory, recordAt + field.offset()); }
    private int i32(long recordAt, RecordField field) { return Wire.hostI32(memory, recordAt + field.offset()); }
}
