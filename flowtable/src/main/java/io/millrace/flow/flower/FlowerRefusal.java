package io.millrace.flow.flower;

import io.millrace.flow.ruleset.Errno;

/// Why a change of filters was not made. Nothing has changed.
///
/// The message is Linux's where Linux has one beside the error number, else empty.
public final class FlowerRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Errno errno;

    public FlowerRefusal(Errno errno, String message) {
        super(message, null, false, false);
        this.errno = errno;
    }

    public Errno errno() { return errno; }
}
