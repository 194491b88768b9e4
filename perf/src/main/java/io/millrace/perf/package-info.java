/// Measuring: the `bench` verbs in `io.millrace.perf.bench` and the JMH benchmarks in `io.millrace.perf.jmh`.
package io.millrace.perf;
