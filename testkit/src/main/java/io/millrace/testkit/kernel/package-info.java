/// The running Linux kernel as an oracle, in a network namespace that a test makes and removes.
/// Start with [io.millrace.testkit.kernel.KernelNetwork].
package io.millrace.testkit.kernel;
