/// JMH benchmarks: one class a question, which stands in its comment beside the answer to expect.
///
/// Each is run for one iteration by a test, so that none rots. Uses everything below it.
package io.millrace.perf.jmh;
