package io.millrace.gro;

/// What an operator may choose about merging on one receive queue.
///
/// - `forwardUdp`: merge UDP datagrams that nobody here has asked for (`rx-udp-gro-forwarding`); off by default, as in
///   Linux
/// - `flushTimeoutNs`: how long packets are held after the last poll that brought any (`gro_flush_timeout`); 0: not
///   beyond the end of a poll
public record MergeSettings(boolean forwardUdp, long flushTimeoutNs) {

    public static final MergeSettings STANDARD = new MergeSettings(false, 0);

    public MergeSettings {
        if (flushTimeoutNs < 0) {
            throw new IllegalArgumentException("flushTimeoutNs must not be negative, got " + flushTimeoutNs);
        }
    }
}
