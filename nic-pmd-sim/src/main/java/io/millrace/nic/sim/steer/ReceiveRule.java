package io.millrace.nic.sim.steer;

import io.millrace.packet.memory.Check;
import io.millrace.packet.parse.ParseRecords;

import java.util.Arrays;

/// A receive rule (ntuple): what a packet's record must be, bit by bit, and where such packets go.
///
/// A rule compares the words of the flow key as [ParseRecords] keeps them, so whatever the parser finds can be matched:
/// addresses, ports, protocol, tags, session. Rules are tried by location, the lowest first; the first that matches
/// decides.
///
/// @param location its place in the table, which is its priority
/// @param family   4 or 6; 0 for any
/// @param values   [ParseRecords#KEY_WORDS] words
/// @param masks    the same number: bits of 1 are compared
/// @param context  RSS context that spreads the packets, or [#NO_CONTEXT]
/// @param queue    where they go, or [#DROP]; with a context, what is added to what it says
public record ReceiveRule(int location, int family, long[] values, long[] masks, int context, int queue) {

    public static final int DROP = -1;
    public static final int NO_CONTEXT = -1;

    public ReceiveRule {
        Check.that(location >= 0, "location must be 0 or more", location);
        Check.that(family == 0 || family == 4 || family == 6, "family must be 4, 6 or 0", family);
        Check.that(values.length == ParseRecords.KEY_WORDS, "a key has 6 words", values.length);
        Check.that(masks.length == ParseRecords.KEY_WORDS, "a mask has 6 words", masks.length);
        values = values.clone();
        masks = masks.clone();
        for (int i = 0; i < values.length; i++) {
            Check.that((values[i] & ~masks[i]) == 0, "a value has bits outside its mask, in word", i);
        }
    }

    /// True of the record, whose first word is at `recordAt` of `words`.
    boolean matches(long[] words, int recordAt, int packetFamily) {
        if (family != 0 && family != packetFamily) return false;
        for (int i = 0; i < ParseRecords.KEY_WORDS; i++) {
            if (((words[recordAt + i] ^ values[i]) & masks[i]) != 0) return false;
        }
        return true;
    }

    /// True if both ask the same of a packet.
    public boolean asksTheSame(ReceiveRule other) {
        return family == other.family && Arrays.equals(values, other.values)
            && Arrays.equals(masks, other.masks);
    }
}
