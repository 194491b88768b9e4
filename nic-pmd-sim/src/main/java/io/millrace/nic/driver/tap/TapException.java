package io.millrace.nic.driver.tap;

import java.io.IOException;

/// A TAP device that cannot be had; the message says why, and what would help.
public final class TapException extends IOException {

    private static final long serialVersionUID = 1L;

    TapException(String message) {
        super(message);
    }
}
