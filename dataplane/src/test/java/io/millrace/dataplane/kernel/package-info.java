/// The kernel of this machine as an oracle. Start with [io.millrace.dataplane.kernel.KernelRouter].
package io.millrace.dataplane.kernel;
