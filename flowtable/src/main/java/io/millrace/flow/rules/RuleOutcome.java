package io.millrace.flow.rules;

import io.millrace.flow.Routes;
import io.millrace.flow.nat.NatRange;
import io.millrace.flow.ruleset.Statement.NatKind;
import io.millrace.flow.ruleset.Statement.RejectKind;

/// What rules decided about one packet and what is left to others to do, in the order of the rules. One object that is
/// used again: each call of a [RuleMachine] begins it anew.
///
/// Counters, limits, sets, marks and header fields are not here: they were changed on the spot.
public final class RuleOutcome {

    /// Copies, offloads and log lines of one packet at one hook; further ones are counted and left out.
    public static final int RECORD_MAX = 16;

    private static final NatKind[] NAT_KINDS = NatKind.values();
    private static final RejectKind[] REJECT_KINDS = RejectKind.values();

    private RuleVerdict verdict = RuleVerdict.ACCEPTED;
    private RejectKind rejectKind;
    private int rejectCode;
    private int queue;
    private NatKind natKind;
    private final NatRange natRange = new NatRange();
    private final int[] offloads = new int[RECORD_MAX];
    private int offloadCount;
    private final int[] logs = new int[RECORD_MAX];
    private int logCount;
    private final RuleRoute[] copies = new RuleRoute[RECORD_MAX];
    private int copyCount;
    private int leftOutCount;
    private final RuleRoute forward = new RuleRoute();

    /// Where a copy or the packet itself is sent: a neighbour, an interface, or both.
    public static final class RuleRoute {
        private int family;
        private long high;
        private long low;
        private int interfaceIndex;

        void set(int family, long high, long low, int interfaceIndex) {
            this.family = family;
            this.high = high;
            this.low = low;
            this.interfaceIndex = interfaceIndex;
        }

        /// 4 or 6; 0 where no address was given.
        public int family()         { return family; }
        public long high()          { return high; }
        public long low()           { return low; }
        /// [Routes#NO_INTERFACE] where none was given.
        public int interfaceIndex() { return interfaceIndex; }
    }

    public RuleOutcome() {
        for (int i = 0; i < RECORD_MAX; i++) copies[i] = new RuleRoute();
    }

    void begin() {
        verdict = RuleVerdict.ACCEPTED;
        natKind = null;
        offloadCount = 0;
        logCount = 0;
        copyCount = 0;
        leftOutCount = 0;
    }

    void end(RuleVerdict value)                   { verdict = value; }

    void reject(int kind, int code) {
        verdict = RuleVerdict.REJECTED;
        rejectKind = REJECT_KINDS[kind];
        rejectCode = code;
    }

    void queue(int number) {
        verdict = RuleVerdict.QUEUED;
        queue = number;
    }

    NatRange nat(int kind) {
        natKind = NAT_KINDS[kind];
        return natRange;
    }

    void addOffload(int flowtable) {
        if (offloadCount == RECORD_MAX) {
            leftOutCount++;
        } else {
            offloads[offloadCount++] = flowtable;
        }
    }

    void addLog(int log) {
        if (logCount == RECORD_MAX) {
            leftOutCount++;
        } else {
            logs[logCount++] = log;
        }
    }

    /// The next copy to fill in, or null when there were too many.
    RuleRoute nextCopy() {
        if (copyCount < RECORD_MAX) return copies[copyCount++];
        leftOutCount++;
        return null;
    }

    public RuleVerdict verdict()      { return verdict; }
    /// Of a packet that was [RuleVerdict#REJECTED].
    public RejectKind rejectKind()    { return rejectKind; }
    public int rejectCode()           { return rejectCode; }
    /// Of a packet that was [RuleVerdict#QUEUED].
    public int queue()                { return queue; }
    public boolean hasNat()           { return natKind != null; }
    /// The translation that the connection gets, null for none: `SNAT` and `DNAT` bind [#natRange]; `MASQUERADE` and
    /// `REDIRECT` take ports and flags from it.
    public NatKind natKind()          { return natKind; }
    public NatRange natRange()        { return natRange; }
    public int offloadCount()         { return offloadCount; }
    /// The number of the flowtable in [RulesetProgram#flowtables].
    public int offload(int index)     { return offloads[index]; }
    public int logCount()             { return logCount; }
    /// The number of the statement in [RulesetProgram#logs].
    public int log(int index)         { return logs[index]; }
    public int copyCount()            { return copyCount; }
    public RuleRoute copy(int index)  { return copies[index]; }
    /// Copies, offloads and log lines for which there was no room.
    public int leftOutCount()         { return leftOutCount; }
    /// Where a packet goes that was [RuleVerdict#TAKEN].
    public RuleRoute forward()        { return forward; }
}
