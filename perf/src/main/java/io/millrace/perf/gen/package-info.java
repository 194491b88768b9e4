/// The verb `gen`: traffic of a profile into a capture, or into nothing to see how fast it is made.
///
/// Start with [io.millrace.perf.gen.GenVerb]. Uses `io.millrace.perf.profile` and `io.millrace.nic`.
package io.millrace.perf.gen;
