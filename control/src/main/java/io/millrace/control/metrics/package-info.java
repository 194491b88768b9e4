/// What a live run counts, for those who look on: a mapped file that `millrace top` reads, and a page for Prometheus.
///
/// Start with [io.millrace.control.metrics.RunCounters].
package io.millrace.control.metrics;
