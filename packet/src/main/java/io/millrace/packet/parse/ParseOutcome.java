package io.millrace.packet.parse;

/// The outcome of parsing one packet as one `int`, because it is returned per packet and kept in a record.
///
/// ```
///  31              16 15        8 7         0
///  | flags of all    | records   | result    |
///  | records, ORed   |           |           |
/// ```
public final class ParseOutcome {

    public static int of(int result, int recordCount, int flags) {
        return result | recordCount << 8 | flags << 16;
    }

    public static ParseResult result(int outcome) {
        return ParseResult.of(outcome & 0xff);
    }

    public static boolean isUnderstood(int outcome) {
        return (outcome & 0xff) == 0;
    }

    /// Records written: 1 and one more per encapsulation; 0 where the link type has no node in the graph.
    public static int recordCount(int outcome) {
        return outcome >>> 8 & 0xff;
    }

    /// [io.millrace.packet.memory.ParseFlags] of all records.
    public static int flags(int outcome) {
        return outcome >>> 16;
    }

    private ParseOutcome() {}
}
