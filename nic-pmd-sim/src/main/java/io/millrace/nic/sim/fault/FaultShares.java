package io.millrace.nic.sim.fault;

import io.millrace.packet.memory.Check;

/// How often a device errs: shares of 0 to 1, of the times that it could.
///
/// @param lateCompletions    seen up to [#lateNs] after their time, and perhaps out of order
/// @param lostCompletions    never seen
/// @param repeatedCompletions seen twice
/// @param lies               commands said to be done, and not carried out
/// @param wrongSums          packets about whose checksum the device is wrong
/// @param fullEarly          entries refused though there is room
/// @param lostEntries        entries accepted and gone
/// @param jumpingCounters    counters read too high
/// @param lateNs             how late a completion is at most
/// @param stuckNs            how long a queue is stuck of each [#stuckEveryNs]
/// @param stuckEveryNs       0: never
/// @param downNs             how long a wire is disconnected of each [#downEveryNs]
/// @param downEveryNs        0: never
public record FaultShares(double lateCompletions, double lostCompletions, double repeatedCompletions, double lies,
                          double wrongSums, double fullEarly, double lostEntries, double jumpingCounters, long lateNs,
                          long stuckNs, long stuckEveryNs, long downNs, long downEveryNs) {

    public FaultShares {
        for (double share : new double[] {lateCompletions, lostCompletions, repeatedCompletions, lies, wrongSums,
                fullEarly, lostEntries, jumpingCounters}) {
            Check.that(share >= 0 && share <= 1, "a share must be 0 to 1");
        }
        Check.that(lateNs >= 0 && stuckNs >= 0 && stuckEveryNs >= 0 && downNs >= 0 && downEveryNs >= 0,
            "times must not be negative");
        Check.that(stuckEveryNs == 0 || stuckNs < stuckEveryNs, "a queue must not be stuck for ever");
        Check.that(downEveryNs == 0 || downNs < downEveryNs, "a wire must not be disconnected for ever");
    }
}
