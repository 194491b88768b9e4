package io.millrace.perf.load;

import java.nio.file.Path;
import java.util.Optional;

/// How a load test is made.
///
/// @param trialNs     duration of a full trial
/// @param precision   how far the bounds of a rate may lie apart, relative to the lower
/// @param pdrLoss     loss ratio of the partial-drop rate
/// @param soakNs      how long 90 % of the no-drop rate are offered
/// @param script      control commands to apply under load
/// @param scriptShare of the no-drop rate that is offered meanwhile
public record LoadOptions(long trialNs, double precision, double pdrLoss, long soakNs, RateSearch.Method method,
                          int ringSlots, Optional<Path> script, double scriptShare) {}
