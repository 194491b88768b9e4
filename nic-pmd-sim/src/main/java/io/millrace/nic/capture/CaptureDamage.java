package io.millrace.nic.capture;

import java.nio.file.Path;

/// Where a capture stops making sense, and why.
///
/// @param file      the capture
/// @param offset    byte in the file that is wrong, or at which it ends too early; [#WHOLE_FILE] where no byte is
/// @param expected  what the format asks for there
/// @param found     what is there instead
public record CaptureDamage(Path file, long offset, String expected, String found) {

    public static final long WHOLE_FILE = -1;

    @Override
    public String toString() {
        String place = offset == WHOLE_FILE ? "" : "byte " + offset + ": ";
        return file + ": " + place + "expected " + expected + ", found " + found;
    }
}
