package io.millrace.nic.program;

/// A number that a program needs, beside the number that the device has.
///
/// @param name as the graph or `devlink resource` calls it
public record LimitComparison(String name, long device, long needed) {

    public boolean holds() {
        return device >= needed;
    }

    /// `max-nodes 32 < 255`, the device's number first.
    @Override
    public String toString() {
        return name + " " + device + (holds() ? " >= " : " < ") + needed;
    }
}
