package io.millrace.perf.load;

/// What a change of the configuration under load cost.
///
/// @param script    file of the commands
/// @param status    exit status of the last one
/// @param said      what they answered
/// @param atSeconds since the trial began, when the first was given; `tookMs` until the last was answered
/// @param lost      packets, or sessions where there are no streams; `lostBefore` in a trial like it without the script
public record Blocked(String script, int status, String said, double offeredPps, double atSeconds, double tookMs,
                      long lost, long lostBefore) {

    /// For so long nothing would have been forwarded, had all losses come together.
    double blockedMs() {
        return lost / offeredPps * 1e3;
    }
}
