package io.millrace.nic.sim.audit;

import io.millrace.nic.program.Engine;

/// A packet of which a device made something else than software does.
///
/// @param engine   that differs
/// @param port     index of the port that received it
/// @param linkType of the frame
/// @param frame    as it was received
/// @param device   what the device made of it
/// @param software what software makes of it
public record AuditFinding(Engine engine, int port, int linkType, long timeNs, byte[] frame, String device,
                           String software) {}
