package io.millrace.flow.flower.engine;

/// What filters decided about a packet.
public enum FlowerVerdict {
    /// It goes on its way.
    PASSED,
    DROPPED,
    /// It has gone round more than 16 times among chains: dropped.
    LOOPED,
    /// It leaves by [FlowerTable#target].
    REDIRECTED,
    /// It ends here in software (`trap`); a card gives it to the host.
    TRAPPED
}
