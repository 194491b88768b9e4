package io.millrace.dataplane.offload;

import io.millrace.dataplane.offload.HardwareFlow.Step;

import java.util.List;

/// Asks for the counters of the flows in hardware, of all of them once a round, a few a turn.
final class CounterRounds {

    private static final int READS_PER_TURN = 32;
    /// While flows are on their way in or out.
    private static final int READS_PER_BUSY_TURN = 4;
    private static final long ROUND_NS = 50_000_000;

    private final FlowCourse course;
    private final List<HardwareFlow> installed;
    private int next;
    private long roundNs = Long.MIN_VALUE;
    private long count;

    /// @param installed all that are on their way in, there, or on their way out
    CounterRounds(FlowCourse course, List<HardwareFlow> installed) {
        this.course = course;
        this.installed = installed;
    }

    void turn(boolean isBusy, long nowNs) {
        if (next == 0) {
            if (roundNs != Long.MIN_VALUE && nowNs - roundNs < ROUND_NS) return;
            roundNs = nowNs;
        }
        int readsMax = isBusy ? READS_PER_BUSY_TURN : READS_PER_TURN;
        for (int i = 0; i < readsMax && next < installed.size(); i++) {
            HardwareFlow flow = installed.get(next);
            boolean isAtRest = flow.step == Step.SETTLED && flow.command == null && !flow.isLeaving();
            if (isAtRest && !course.read(flow, nowNs)) return;
            next++;
        }
        if (next < installed.size()) return;
        next = 0;
        count++;
    }

    /// How many rounds have ended.
    long count()          { return count; }
    boolean isUnderWay()  { return next != 0; }
}
