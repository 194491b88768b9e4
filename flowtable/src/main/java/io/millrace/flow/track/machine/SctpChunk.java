package io.millrace.flow.track.machine;

/// Types of SCTP chunks that a tracker looks at (RFC 9260 §3.2), and their rows in [SctpTransitions].
public final class SctpChunk {

    public static final int DATA = 0;
    public static final int INIT = 1;
    public static final int INIT_ACK = 2;
    public static final int HEARTBEAT = 4;
    public static final int HEARTBEAT_ACK = 5;
    public static final int ABORT = 6;
    public static final int SHUTDOWN = 7;
    public static final int SHUTDOWN_ACK = 8;
    public static final int ERROR = 9;
    public static final int COOKIE_ECHO = 10;
    public static final int COOKIE_ACK = 11;
    public static final int SHUTDOWN_COMPLETE = 14;

    /// The T flag of ABORT and SHUTDOWN COMPLETE: the verification tag is the other side's.
    public static final int TAG_REFLECTED = 1;

    private SctpChunk() {}
}
