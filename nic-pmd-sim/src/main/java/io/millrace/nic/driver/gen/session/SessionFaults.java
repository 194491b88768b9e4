package io.millrace.nic.driver.gen.session;

import io.millrace.packet.memory.Check;

/// What the ends do wrong on purpose, and how they notice.
///
/// @param loss        share of the packets that are never sent
/// @param reordering  share of the packets that are sent behind the one that follows
/// @param timeoutNs   before the first repetition of what was not answered; doubles each time
public record SessionFaults(double loss, double reordering, long timeoutNs) {

    public static final long TIMEOUT_NS_USUAL = 200_000_000;
    public static final SessionFaults NONE = new SessionFaults(0, 0, TIMEOUT_NS_USUAL);

    public SessionFaults {
        Check.that(loss >= 0 && loss < 1, "loss must be below 1");
        Check.that(reordering >= 0 && reordering < 1, "reordering must be below 1");
        Check.that(timeoutNs > 0, "the timeout must be positive", timeoutNs);
    }
}
