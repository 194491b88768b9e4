package io.millrace.nic.program;

/// An image that no device takes: not an image, cut, altered, of another format. Says where in the file, what is there,
/// and what was expected.
public final class FirmwareException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long offset;

    FirmwareException(long offset, String found, String expected) {
        super("firmware image, offset " + offset + ": " + found + "; expected " + expected);
        this.offset = offset;
    }

    /// In bytes from the image's start.
    public long offset() {
        return offset;
    }
}
