/// The verb `load`: what a configuration carries, found by trials with generated traffic.
///
/// Start with [io.millrace.perf.load.LoadVerb], then [io.millrace.perf.load.RateSearch] and
/// [io.millrace.perf.load.TrialRunner]. Uses `io.millrace.perf.profile`, `io.millrace.dataplane` and `io.millrace.nic`.
package io.millrace.perf.load;
