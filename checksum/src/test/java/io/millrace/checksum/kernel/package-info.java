/// Checksums against those of the running Linux kernel. Start with
/// [io.millrace.checksum.kernel.KernelChecksumTest].
package io.millrace.checksum.kernel;
