package io.millrace.perf.load;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a load test found.
///
/// @param unit      of the rates: packets/s, or sessions/s where the profile has no streams
/// @param fullPps   the profile's own rates
/// @param ndrShare  of the profile's rates: the most without loss; `pdrShare` with at most the loss of the options
/// @param latency   at shares of the no-drop rate
/// @param soak      the last and longest of these trials
/// @param startNs   of the test, on the clock of the time line and the events
/// @param drops     packets by verdict over the whole test, and those that found the port's ring full
/// @param events    of the virtual machine
record LoadReport(String config, String profile, String machine, Instant startedAt, String unit, LoadOptions options,
                  double seconds, WarmUp warmUp, double fullPps, double ndrShare, double pdrShare,
                  List<TrialResult> trials, List<LatencyRow> latency, TrialResult soak, LatencyRow hiccups,
                  long startNs, List<TrialRunner.TimePoint> timeLine, Map<String, Long> drops,
                  Optional<Blocked> blocked, List<JvmActivity.Event> events) {

    LoadReport {
        trials = List.copyOf(trials);
        latency = List.copyOf(latency);
        timeLine = List.copyOf(timeLine);
        drops = new LinkedHashMap<>(drops);
        events = List.copyOf(events);
    }

    double ndrPps()           { return ndrShare * fullPps; }
    double pdrPps()           { return pdrShare * fullPps; }

    /// Seconds since the test began.
    double secondsAt(long timeNs) {
        return (timeNs - startNs) / 1e9;
    }

    List<JvmActivity.Event> events(JvmActivity.Kind kind) {
        return events.stream().filter(each -> each.kind() == kind).toList();
    }

    /// Of a kind, once measuring had begun.
    long countSinceWarm(JvmActivity.Kind kind) {
        return events(kind).stream().filter(each -> secondsAt(each.timeNs()) >= warmUp.seconds()).count();
    }

    double milliseconds(JvmActivity.Kind kind) {
        return events(kind).stream().mapToLong(JvmActivity.Event::durationNs).sum() / 1e6;
    }

    static String thisMachine() {
        return Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.arch") + ", Java "
            + Runtime.version();
    }
}
