package io.millrace.flow.track.machine;

/// States of an SCTP association as seen from between its ends, by Linux's names and numbers (`SCTP_CONNTRACK_…`).
public final class SctpConntrackState {

    public static final int NONE = 0;
    public static final int CLOSED = 1;
    public static final int COOKIE_WAIT = 2;
    public static final int COOKIE_ECHOED = 3;
    public static final int ESTABLISHED = 4;
    public static final int SHUTDOWN_SENT = 5;
    public static final int SHUTDOWN_RECD = 6;
    public static final int SHUTDOWN_ACK_SENT = 7;
    public static final int HEARTBEAT_SENT = 8;

    /// Not a state: the chunk has no place here.
    static final int INVALID = 9;

    private static final String[] NAMES = {"NONE", "CLOSED", "COOKIE_WAIT", "COOKIE_ECHOED", "ESTABLISHED",
        "SHUTDOWN_SENT", "SHUTDOWN_RECD", "SHUTDOWN_ACK_SENT", "HEARTBEAT_SENT"};

    /// As `conntrack -L` writes it.
    public static String name(int state) {
        return NAMES[state];
    }

    /// True if the association is on its way out, so that a full table may do without it.
    public static boolean isClosing(int state) {
        return state == SHUTDOWN_SENT || state == SHUTDOWN_RECD || state == SHUTDOWN_ACK_SENT;
    }

    static TrackSysctl timeout(int state) {
        return switch (state) {
            case COOKIE_WAIT -> TrackSysctl.SCTP_COOKIE_WAIT;
            case COOKIE_ECHOED -> TrackSysctl.SCTP_COOKIE_ECHOED;
            case ESTABLISHED -> TrackSysctl.SCTP_ESTABLISHED;
            case SHUTDOWN_SENT -> TrackSysctl.SCTP_SHUTDOWN_SENT;
            case SHUTDOWN_RECD -> TrackSysctl.SCTP_SHUTDOWN_RECD;
            case SHUTDOWN_ACK_SENT -> TrackSysctl.SCTP_SHUTDOWN_ACK_SENT;
            case HEARTBEAT_SENT -> TrackSysctl.SCTP_HEARTBEAT_SENT;
            default -> TrackSysctl.SCTP_CLOSED;
        };
    }

    private SctpConntrackState() {}
}
