package io.millrace.dataplane.config;

/// On which threads the workers run.
public enum Threading {
    /// All in turn on one thread.
    SHARED,
    /// Each on a thread of its own, pinned to a processor.
    DEDICATED
}
