package io.millrace.perf.load;

import io.millrace.nic.driver.gen.session.SessionCounts;

/// What became of one kind of sessions in a trial, as its clients saw it.
///
/// @param refused  due while too many were open
/// @param repaired of the completed those in which something had to be sent again
/// @param connect  from the intended time of opening to the end of the handshake, over UDP to the answer
/// @param answer   from the intended time of opening to the answer's last byte
public record SessionRow(String name, long opened, long completed, long refused, long failed, long reset, long repaired,
                         LatencyRow connect, LatencyRow answer) {

    static SessionRow of(String name, SessionCounts counts, double perSecond) {
        return new SessionRow(name, counts.opened(), counts.completed(), counts.refused(), counts.failed(),
            counts.reset(), counts.repaired(), LatencyRow.of(0, perSecond, counts.connect()),
            LatencyRow.of(0, perSecond, counts.transaction()));
    }

    long meant() {
        return opened + refused;
    }

    long lost() {
        return Math.max(0, meant() - (completed - repaired));
    }
}
