/// The `bench` verbs: how fast one core does one thing, beside a peer that does the same in the same run.
///
/// Start with [io.millrace.perf.bench.BenchVerb].
package io.millrace.perf.bench;
