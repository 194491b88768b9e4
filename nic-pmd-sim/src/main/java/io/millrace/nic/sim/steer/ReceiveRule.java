package io.millrace.nic.sim.steer;

import io.millrace.packet.memory.Check;
import io.millrace.packet.parse.ParseRecords;

import java.util.Arrays;

/// A receive rule (ntuple): what a packet's record must be, bit by bit, and where such packets go.
///
/// A rule compares the words of a record as [ParseRecords] keeps them, so whatever the parser finds can be matched:
/// addresses, ports, protocol, tags, session, key id. Rules are tried by location, the lowest first; the first that
/// matches decides. Behind the table for ntuple lie the raw tables of the graph, each at [#TABLE_LOCATIONS] more.
///
/// @param location its place, which is its priority: table × [#TABLE_LOCATIONS] + place in the table
/// @param family   4 or 6; 0 for any
/// @param values   the first words of a record, [ParseRecords#KEY_WORDS] or more
/// @param masks    the same number: bits of 1 are compared
/// @param context  RSS context that spreads the packets, or [#NO_CONTEXT]
/// @param queue    where they go, or [#DROP]; with a context, what is added to what it says
public record ReceiveRule(int location, int family, long[] values, long[] masks, int context, int queue) {

    public static final int DROP = -1;
    public static final int NO_CONTEXT = -1;
    /// Locations that a table can have.
    public static final int TABLE_LOCATIONS = 1 << 16;

    public ReceiveRule {
        Check.that(location >= 0, "location must be 0 or more", location);
        Check.that(family == 0 || family == 4 || family == 6, "family must be 4, 6 or 0", family);
        Check.that(values.length >= ParseRecords.KEY_WORDS, "a key has 6 words or more", values.length);
        Check.that(masks.length == values.length, "a mask has the words of its value", masks.length);
        values = Arrays.copyOf(values, ParseRecords.USED_WORDS);
        masks = Arrays.copyOf(masks, ParseRecords.USED_WORDS);
        for (int i = 0; i < values.length; i++) {
            Check.that((values[i] & ~masks[i]) == 0, "a value has bits outside its mask, in word", i);
        }
    }

    /// The table that it lies in: 0 for ntuple, then the raw tables.
    public int table() {
        return location / TABLE_LOCATIONS;
    }

    /// Its place in its table.
    public int place() {
        return location % TABLE_LOCATIONS;
    }

    /// True of the record, whose first word is at `recordAt` of `words`.
    boolean matches(long[] words, int recordAt, int packetFamily) {
        if (family != 0 && family != packetFamily) return false;
        for (int i = 0; i < ParseRecords.USED_WORDS; i++) {
            if (((words[recordAt + i] ^ values[i]) & masks[i]) != 0) return false;
        }
        return true;
    }

    /// True if both ask the same of a packet.
    public boolean asksTheSame(ReceiveRule other) {
        return table() == other.table() && family == other.family && Arrays.equals(values, other.values)
            && Arrays.equals(masks, other.masks);
    }
}
