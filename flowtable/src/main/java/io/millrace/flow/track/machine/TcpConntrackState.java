package io.millrace.flow.track.machine;

/// States of a TCP connection as seen from between its ends, by Linux's names and numbers (`TCP_CONNTRACK_…`).
public final class TcpConntrackState {

    public static final int NONE = 0;
    public static final int SYN_SENT = 1;
    public static final int SYN_RECV = 2;
    public static final int ESTABLISHED = 3;
    public static final int FIN_WAIT = 4;
    public static final int CLOSE_WAIT = 5;
    public static final int LAST_ACK = 6;
    public static final int TIME_WAIT = 7;
    public static final int CLOSE = 8;
    public static final int SYN_SENT2 = 9;

    /// Not states: what [TcpTransitions] says of packets that lead nowhere.
    public static final int INVALID = 10;
    public static final int IGNORE = 11;

    private static final String[] NAMES = {"NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT",
        "LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2"};

    /// As `conntrack -L` writes it.
    public static String name(int state) {
        return NAMES[state];
    }

    /// True if the connection is on its way out, so that a full table may do without it.
    public static boolean isClosing(int state) {
        return switch (state) {
            case FIN_WAIT, CLOSE_WAIT, LAST_ACK, TIME_WAIT, CLOSE -> true;
            default -> false;
        };
    }

    static TrackSysctl timeout(int state) {
        return switch (state) {
            case SYN_SENT, SYN_SENT2 -> TrackSysctl.TCP_SYN_SENT;
            case SYN_RECV -> TrackSysctl.TCP_SYN_RECV;
            case ESTABLISHED -> TrackSysctl.TCP_ESTABLISHED;
            case FIN_WAIT -> TrackSysctl.TCP_FIN_WAIT;
            case CLOSE_WAIT -> TrackSysctl.TCP_CLOSE_WAIT;
            case LAST_ACK -> TrackSysctl.TCP_LAST_ACK;
            case TIME_WAIT -> TrackSysctl.TCP_TIME_WAIT;
            default -> TrackSysctl.TCP_CLOSE;
        };
    }

    private TcpConntrackState() {}
}
