package io.millrace.nic.capture;

import java.io.IOException;
import java.nio.file.Path;

/// A file that cannot be opened as a capture, or written as one. Damage behind a readable beginning is no exception,
/// see [CaptureReader#damage()].
public final class CaptureException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient CaptureDamage damage;

    public CaptureException(CaptureDamage damage) {
        super(damage.toString());
        this.damage = damage;
    }

    CaptureException(CaptureDamage damage, Throwable cause) {
        super(damage.toString(), cause);
        this.damage = damage;
    }

    CaptureException(Path file, long offset, String expected, String found) {
        this(new CaptureDamage(file, offset, expected, found));
    }

    public CaptureDamage damage() {
        return damage;
    }
}
