package io.millrace.nic.sim.audit;

import io.millrace.nic.program.Engine;

import java.util.List;

/// A piece of work of which a device made something else than software does.
///
/// @param engine         that differs
/// @param port           index of the port where it was done
/// @param linkType       of the frames
/// @param given          the packets as the device was given them
/// @param device         what the device made of them, in words
/// @param deviceFrames   the packets that it made; none where it only looked at one
/// @param software       what software makes of them
/// @param softwareFrames the packets
public record AuditFinding(Engine engine, int port, int linkType, long timeNs, List<byte[]> given, String device,
                           List<byte[]> deviceFrames, String software, List<byte[]> softwareFrames) {}
