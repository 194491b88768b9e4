package io.millrace.perf.load;

/// One trial: a share of the profile's rates offered for some time, and what came of it.
///
/// @param share       of the profile's rates, above 0
/// @param offeredPps  packets a second that were meant to be sent
/// @param sent        packets sent, those included that found the port's ring full
/// @param lost        of these, what never came back
public record TrialResult(double share, double offeredPps, long sent, long lost, double seconds) {

    public double lossRatio() {
        return sent == 0 ? 0 : (double) lost / sent;
    }

    public double receivedPps() {
        return (sent - lost) / seconds;
    }
}
