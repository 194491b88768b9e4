package io.millrace.flow.rules;

import io.millrace.flow.ruleset.Statement;

/// Counters, quotas, limits, counts of connections and the numbers of `numgen inc` as six `long`s each in an array, a
/// cell by where it begins.
///
/// ```
///          0                1             2                    3          4       5
/// counter  packets          bytes
/// quota    consumed bytes                 bytes                           flags
/// limit    tokens, ns       last, ns      ns a packet, or     ns at most  flags   rate
///                                         ns a `rate` bytes
/// ct count connections      first node    most                 flags
/// numgen   next number
/// ```
///
/// The token bucket is Linux's (`nft_limit.c`): tokens are nanoseconds, an attempt that fails costs none.
final class Cells {

    static final int COUNTER = 0;
    static final int QUOTA = 1;
    static final int LIMIT = 2;
    /// Passed by [ConnectionLists], not here.
    static final int CONNECTIONS = 3;

    static final int CELL_WORDS = 6;

    private static final int FIRST = 0;
    private static final int SECOND = 1;
    private static final int COST = 2;
    private static final int MAX = 3;
    private static final int FLAGS = 4;
    private static final int RATE = 5;

    private static final int IS_OVER = 1;
    private static final int IS_BYTES = 2;
    private static final int HAS_BEGUN = 4;

    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int BURST_PACKETS = 5;

    /// The kind of cell that a statement needs, or -1.
    static int kindOf(Statement statement) {
        return switch (statement) {
            case Statement.Counter _ -> COUNTER;
            case Statement.Quota _ -> QUOTA;
            case Statement.Limit _ -> LIMIT;
            case Statement.ConnectionCount _ -> CONNECTIONS;
            default -> -1;
        };
    }

    /// Makes the cell at `at` what a statement says it begins with.
    static void begin(long[] cells, int at, Statement statement) {
        for (int i = 0; i < CELL_WORDS; i++) cells[at + i] = 0;
        switch (statement) {
            case Statement.Counter counter -> {
                cells[at + FIRST] = counter.packets();
                cells[at + SECOND] = counter.bytes();
            }
            case Statement.Quota quota -> {
                cells[at + FIRST] = quota.usedBytes();
                cells[at + COST] = quota.bytes();
                cells[at + FLAGS] = quota.isOver() ? IS_OVER : 0;
            }
            case Statement.Limit limit -> begin(cells, at, limit);
            case Statement.ConnectionCount count -> {
                cells[at + COST] = count.count();
                cells[at + FLAGS] = count.isOver() ? IS_OVER : 0;
            }
            default -> throw new AssertionError(statement);
        }
    }

    private static void begin(long[] cells, int at, Statement.Limit limit) {
        long periodNs = Math.multiplyExact(limit.periodSeconds(), NS_PER_SECOND);
        cells[at + FLAGS] = (limit.isOver() ? IS_OVER : 0) | (limit.isBytes() ? IS_BYTES : 0);
        cells[at + RATE] = limit.rate();
        if (limit.isBytes()) {
            cells[at + COST] = periodNs;
            cells[at + MAX] = scaled(periodNs, limit.rate() + limit.burst(), limit.rate());
        } else {
            long burst = limit.burst() == 0 ? BURST_PACKETS : limit.burst();
            cells[at + COST] = periodNs / limit.rate();
            cells[at + MAX] = cells[at + COST] * burst;
        }
        cells[at + FIRST] = cells[at + MAX];
    }

    /// `value * times / parts`, at most `Long.MAX_VALUE / 2`.
    static long scaled(long value, long times, long parts) {
        long high = Math.multiplyHigh(value, times);
        if (high == 0 && value * times >= 0) return value * times / parts;
        double quotient = (double) value * times / parts;
        return quotient >= Long.MAX_VALUE / 2 ? Long.MAX_VALUE / 2 : (long) quotient;
    }

    /// Accounts a packet. True if the rule goes on.
    static boolean passes(int kind, long[] cells, int at, int packetBytes, long nowNs) {
        switch (kind) {
            case COUNTER -> {
                cells[at + FIRST]++;
                cells[at + SECOND] += packetBytes;
                return true;
            }
            case QUOTA -> {
                cells[at + FIRST] += packetBytes;
                boolean isOver = cells[at + FIRST] > cells[at + COST];
                return isOver == ((cells[at + FLAGS] & IS_OVER) != 0);
            }
            default -> {
                return isWithinLimit(cells, at, packetBytes, nowNs) == ((cells[at + FLAGS] & IS_OVER) == 0);
            }
        }
    }

    private static boolean isWithinLimit(long[] cells, int at, int packetBytes, long nowNs) {
        long flags = cells[at + FLAGS];
        long elapsedNs = (flags & HAS_BEGUN) != 0 ? nowNs - cells[at + SECOND] : 0;
        cells[at + FLAGS] = flags | HAS_BEGUN;
        cells[at + SECOND] = nowNs;
        long tokens = Math.min(cells[at + FIRST] + elapsedNs, cells[at + MAX]);
        if (tokens < 0) tokens = cells[at + MAX];
        long cost = (flags & IS_BYTES) != 0
            ? scaled(cells[at + COST], packetBytes, cells[at + RATE]) : cells[at + COST];
        boolean isWithin = tokens >= cost;
        cells[at + FIRST] = isWithin ? tokens - cost : tokens;
        return isWithin;
    }

    /// The number that a `numgen inc` gives now: 0 up to below `modulus`.
    static long next(long[] cells, int at, long modulus) {
        long number = cells[at + FIRST];
        cells[at + FIRST] = number + 1 == modulus ? 0 : number + 1;
        return number;
    }

    /// Copies what a cell has counted, and leaves alone what it was told.
    static void takeOver(long[] from, int fromAt, long[] to, int toAt) {
        to[toAt + FIRST] = from[fromAt + FIRST];
        to[toAt + SECOND] = from[fromAt + SECOND];
        to[toAt + FLAGS] = to[toAt + FLAGS] & ~HAS_BEGUN | from[fromAt + FLAGS] & HAS_BEGUN;
    }

    /// The statement with what its cell has counted.
    static Statement statement(long[] cells, int at, Statement statement) {
        return switch (statement) {
            case Statement.Counter _ -> new Statement.Counter(cells[at + FIRST], cells[at + SECOND]);
            case Statement.Quota quota -> new Statement.Quota(quota.bytes(), cells[at + FIRST], quota.isOver());
            default -> statement;
        };
    }

    /// A counter or quota counts from zero again.
    static void zero(long[] cells, int at) {
        cells[at + FIRST] = 0;
        cells[at + SECOND] = 0;
    }

    static long first(long[] cells, int at)  { return cells[at + FIRST]; }
    static long second(long[] cells, int at) { return cells[at + SECOND]; }
    static long bound(long[] cells, int at)  { return cells[at + COST]; }

    static void first(long[] cells, int at, long value)  { cells[at + FIRST] = value; }
    static void second(long[] cells, int at, long value) { cells[at + SECOND] = value; }

    /// True if the rule goes on above the bound, not up to it.
    static boolean isOver(long[] cells, int at) {
        return (cells[at + FLAGS] & IS_OVER) != 0;
    }

    private Cells() {}
}
