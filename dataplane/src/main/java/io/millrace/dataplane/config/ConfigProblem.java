package io.millrace.dataplane.config;

/// Something in a configuration that makes no sense.
///
/// @param at      the place as member names and list indexes from the top, joined by `/`: `routes/2/via`; empty for the
///                whole
/// @param message what is wrong
/// @param allowed what may be there, or what to do; may be empty
public record ConfigProblem(String at, String message, String allowed) {

    public ConfigProblem(String at, String message) {
        this(at, message, "");
    }

    @Override
    public String toString() {
        return (at.isEmpty() ? "" : at + ": ") + message + (allowed.isEmpty() ? "" : "; allowed: " + allowed);
    }
}
