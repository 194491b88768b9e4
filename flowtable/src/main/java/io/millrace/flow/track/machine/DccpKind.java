package io.millrace.flow.track.machine;

/// Types of DCCP packets (RFC 4340 §5.1).
public final class DccpKind {

    public static final int REQUEST = 0;
    public static final int RESPONSE = 1;
    public static final int DATA = 2;
    public static final int ACK = 3;
    public static final int DATA_ACK = 4;
    public static final int CLOSE_REQUEST = 5;
    public static final int CLOSE = 6;
    public static final int RESET = 7;
    public static final int SYNC = 8;
    public static final int SYNC_ACK = 9;

    /// Types from here on are reserved.
    public static final int COUNT = 10;

    private DccpKind() {}
}
