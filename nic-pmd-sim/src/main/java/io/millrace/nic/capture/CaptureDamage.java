package io.millrace.nic.capture;

import java.nio.file.Path;

/// Where a capture stops making sense, and why.
///
/// @param file      the capture
/// @param offset    byte in the file that is wrong, or at which the file ends too early
/// @param expected  what the format asks for there
/// @param found     what stands there instead
public record CaptureDamage(Path file, long offset, String expected, String found) {

    @Override
    public String toString() {
        return file + ": byte " + offset + ": expected " + expected + ", found " + found;
    }
}
