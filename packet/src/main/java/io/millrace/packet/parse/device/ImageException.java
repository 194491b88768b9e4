package io.millrace.packet.parse.device;

/// An image that a device cannot take: not an image, cut, altered, of another format. Says where in the file, what is
/// there, and what was expected.
public final class ImageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long offset;

    ImageException(long offset, String found, String expected) {
        super("parse image, offset " + offset + ": " + found + "; expected " + expected);
        this.offset = offset;
    }

    /// In bytes from the image's start.
    public long offset() {
        return offset;
    }
}
