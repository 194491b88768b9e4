package io.millrace.packet.header;

/// Kinds of TCP options (IANA "TCP Parameters"). [#END] and [#NOP] are one byte; the others carry their length, which
/// counts kind and length too.
public final class TcpOption {

    public static final int END = 0;
    public static final int NOP = 1;
    public static final int SEGMENT_BYTES_MAX = 2;
    public static final int WINDOW_SCALE = 3;
    public static final int SACK_PERMITTED = 4;
    public static final int SACK = 5;
    public static final int TIMESTAMPS = 8;
    public static final int MD5 = 19;
    public static final int AUTHENTICATION = 29;
    public static final int MULTIPATH = 30;
    public static final int FAST_OPEN = 34;

    /// Fewest bytes of an option that carries its length.
    public static final int BYTES_MIN = 2;

    private TcpOption() {}
}
