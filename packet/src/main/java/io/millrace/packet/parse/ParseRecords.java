package io.millrace.packet.parse;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.Check;

/// A worker's side table: what its parser found in each packet of the burst at hand. A packet has record 0 for its
/// outermost headers and one more for each encapsulation. Valid until the next burst is parsed.
///
/// A record is nine longs. Fields lie in them from the low bits up:
///
/// ```
///  word 0, 1  source, the more significant half first          } the flow key:
///       2, 3  target                                           } KEY_WORDS longs
///       4     u16 source port, u16 target port, u8 proto, u8 family, u16 PPPoE session
///       5     i32 vlan 0, i32 vlan 1                           }
///       6     u16 l3, u16 l4, u16 payload, u16 end
///       7     u16 flags, u8 TCP flags, u8 checksum offset, u16 checksum start, u16 l2
///       8     i32 key id, i32 outcome (record 0 alone)
/// ```
///
/// An IPv4 address is the low 32 bits of its second word. Offsets count from the packet's first byte. The outcome is a
/// [ParseOutcome].
///
/// The accessors take what [#recordAt] returns. One thread owns the table. It is an array because the JIT proves its
/// bounds and then writes a word in one instruction.
public final class ParseRecords {

    /// From one record to the next: two cache lines.
    public static final int RECORD_WORDS = 16;
    /// Words of a record that are in use.
    public static final int USED_WORDS = 9;
    /// Words of the flow key, at the record's start.
    public static final int KEY_WORDS = 6;

    public static final int PORTS_WORD = 4;
    public static final int VLANS_WORD = 5;
    public static final int OFFSETS_WORD = 6;
    public static final int FLAGS_WORD = 7;
    public static final int LAST_WORD = 8;

    private final long[] words;
    private final int encapsMax;

    /// @param encapsMax the largest `max-encaps` of the graphs that write here
    public ParseRecords(int encapsMax) {
        Check.that(encapsMax >= 0, "encapsMax must not be negative", encapsMax);
        this.encapsMax = encapsMax;
        this.words = new long[RECORD_WORDS * Burst.PACKETS_MAX * (encapsMax + 1)];
    }

    /// The table itself, for those who copy, hash or compare whole keys.
    public long[] words()  { return words; }
    public int encapsMax() { return encapsMax; }

    /// Where the record of the packet at `index` of the burst begins in [#words].
    public static int recordAt(int index, int record) {
        assert index >= 0 : index;
        assert index < Burst.PACKETS_MAX : index;
        int place = index & Burst.PACKETS_MAX - 1;   // changes nothing, but tells the JIT the bounds
        return RECORD_WORDS * (record * Burst.PACKETS_MAX + place);
    }

    /// Where the packet's innermost record begins; record 0 if it has none.
    public int lastAt(int index) {
        return recordAt(index, Math.max(0, ParseOutcome.recordCount(outcome(index)) - 1));
    }

    /// The outcome of the packet at `index` of the burst.
    public int outcome(int index)        { return (int) (words[recordAt(index, 0) + LAST_WORD] >>> 32); }

    public long sourceHigh(int recordAt) { return words[recordAt]; }
    public long sourceLow(int recordAt)  { return words[recordAt + 1]; }
    public long targetHigh(int recordAt) { return words[recordAt + 2]; }
    public long targetLow(int recordAt)  { return words[recordAt + 3]; }
    /// ICMP echo: the identifier, in both ports.
    public int sourcePort(int recordAt)  { return u16(recordAt, RecordField.SOURCE_PORT); }
    public int targetPort(int recordAt)  { return u16(recordAt, RecordField.TARGET_PORT); }
    public int proto(int recordAt)       { return u8(recordAt, RecordField.PROTO); }
    /// 4, 6, or 0 where it is neither.
    public int family(int recordAt)      { return u8(recordAt, RecordField.FAMILY); }
    public int session(int recordAt)     { return u16(recordAt, RecordField.SESSION); }
    /// TPID × 65,536 + TCI of the outermost tag; 0 is none.
    public int vlan0(int recordAt)       { return (int) bits(recordAt, RecordField.VLAN_0); }
    public int vlan1(int recordAt)       { return (int) bits(recordAt, RecordField.VLAN_1); }
    public int l2(int recordAt)          { return u16(recordAt, RecordField.L2); }
    public int l3(int recordAt)          { return u16(recordAt, RecordField.L3); }
    public int l4(int recordAt)          { return u16(recordAt, RecordField.L4); }
    public int payload(int recordAt)     { return u16(recordAt, RecordField.PAYLOAD); }
    /// Where the packet ends as far as the headers of this record say; at most 65,535.
    public int end(int recordAt)         { return u16(recordAt, RecordField.END); }
    /// [io.millrace.packet.memory.ParseFlags] of this record.
    public int flags(int recordAt)       { return u16(recordAt, RecordField.FLAGS); }
    public int tcpFlags(int recordAt)    { return u8(recordAt, RecordField.TCP_FLAGS); }
    public int checksumStart(int recordAt)  { return u16(recordAt, RecordField.CHECKSUM_START); }
    public int checksumOffset(int recordAt) { return u8(recordAt, RecordField.CHECKSUM_OFFSET); }
    /// VNI, GRE key, TEID, SPI or MPLS label.
    public int keyId(int recordAt)       { return (int) bits(recordAt, RecordField.KEY_ID); }

    private int u8(int recordAt, RecordField field) {
        return (int) bits(recordAt, field) & 0xff;
    }

    private int u16(int recordAt, RecordField field) {
        return (int) bits(recordAt, field) & 0xffff;
    }

    /// The word of the field, shifted so that the field is lowest.
    private long bits(int recordAt, RecordField field) {
        return words[recordAt + field.word()] >>> field.shift();
    }
}
