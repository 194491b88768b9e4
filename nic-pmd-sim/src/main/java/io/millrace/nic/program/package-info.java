/// Programs with an identity: what of the host's software a device can run, the hash that says it is the same code, the
/// firmware image that carries both, and the decision whether an offload may be on.
///
/// Start with [io.millrace.nic.program.OffloadDecision] and [io.millrace.nic.program.FirmwareImage].
/// Uses `io.millrace.packet.parse` and the class files of the engines.
package io.millrace.nic.program;
