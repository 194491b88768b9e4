package io.millrace.nic.capture;

import java.io.IOException;
import java.nio.file.Path;

import static io.millrace.nic.capture.CaptureDamage.WHOLE_FILE;

/// A file that cannot be opened as a capture, or written as one. Damage behind a readable beginning is no exception,
/// see [CaptureReader#damage()].
public final class CaptureException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient CaptureDamage damage;

    CaptureException(CaptureDamage damage) {
        super(damage.toString());
        this.damage = damage;
    }

    /// Something wrong with the file as a whole.
    public CaptureException(Path file, String expected, String found) {
        this(new CaptureDamage(file, WHOLE_FILE, expected, found));
    }

    /// The file as a whole cannot be used; the cause says why.
    public CaptureException(Path file, String expected, IOException cause) {
        this(file, expected, String.valueOf(cause));
        initCause(cause);
    }

    public CaptureDamage damage() {
        return damage;
    }
}
