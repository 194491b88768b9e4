/// The running Linux kernel as an oracle: a network namespace of the test's own, a TAP device and a packet socket in
/// it, reached by system calls through the Foreign Function & Memory API.
///
/// Start with [io.millrace.checksum.kernel.KernelNetwork].
package io.millrace.checksum.kernel;
