package io.millrace.perf.load;

import java.util.List;

/// One trial: a share of the profile's rates offered for some time, and what came of it.
///
/// @param share        of the profile's rates, above 0
/// @param length       of a full trial's duration; 1 but for the pilots of a search
/// @param offeredPps   packets a second that were meant to be sent; sessions a second where there are no streams
/// @param sent         stamped packets sent, those included that found the port's ring full
/// @param lost         of these, what never came back
/// @param sessions     that were meant to be opened
/// @param sessionsLost of these, what was never opened, did not end as it should, or had to send something again
public record TrialResult(double share, double length, double offeredPps, long sent, long lost, long sessions,
                          long sessionsLost, double seconds, List<StreamRow> streams, List<SessionRow> kinds) {

    public TrialResult {
        streams = List.copyOf(streams);
        kinds = List.copyOf(kinds);
    }

    static TrialResult ofPackets(double share, double offeredPps, long sent, long lost, double seconds) {
        return new TrialResult(share, 1, offeredPps, sent, lost, 0, 0, seconds, List.of(), List.of());
    }

    /// The worse of both: sessions are few beside packets.
    public double lossRatio() {
        return Math.max(ratio(lost, sent), ratio(sessionsLost, sessions));
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    /// Packets, or sessions where there are no streams.
    public double receivedPps() {
        return sent > 0 ? (sent - lost) / seconds : (sessions - sessionsLost) / seconds;
    }

    TrialResult ofLength(double ofFull) {
        return new TrialResult(share, ofFull, offeredPps, sent, lost, sessions, sessionsLost, seconds, streams, kinds);
    }
}
