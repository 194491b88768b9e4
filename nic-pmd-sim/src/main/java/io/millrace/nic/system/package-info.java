/// What live ports need of Linux: system calls and the layouts that go with them, through the Foreign Function & Memory
/// API, without native code. Linux on x86-64 and AArch64, whose request numbers are the same.
///
/// Start with [io.millrace.nic.system.SystemCalls]; [io.millrace.nic.system.VnetHeader] is the kernel's word on
/// offloads. Uses `io.millrace.packet` and `io.millrace.checksum`.
package io.millrace.nic.system;
