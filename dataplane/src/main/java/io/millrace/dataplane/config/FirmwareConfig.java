package io.millrace.dataplane.config;

import io.millrace.nic.program.FirmwareImage;

/// The firmware that a NIC boots.
///
/// @param source the file as it was named
public record FirmwareConfig(String source, FirmwareImage image) {}
