package io.millrace.nic.program;

/// One program, as the host and as the device has it.
///
/// @param host   its hash here
/// @param device its hash in the device's firmware, or null if it is not in there
public record ProgramComparison(Engine engine, ProgramHash host, ProgramHash device) {

    public boolean isEqual() {
        return host.equals(device);
    }

    /// `gro: host 0123456789ab, device ba9876543210`.
    public String shortText() {
        return engine.label() + ": host " + host.shortText() + ", device "
            + (device == null ? "has none" : device.shortText());
    }
}
