package io.millrace.flow.track.machine;

/// States of a DCCP connection as seen from between its ends, by Linux's names and numbers (`CT_DCCP_…`).
public final class DccpConntrackState {

    public static final int NONE = 0;
    public static final int REQUEST = 1;
    public static final int RESPOND = 2;
    public static final int PARTOPEN = 3;
    public static final int OPEN = 4;
    public static final int CLOSEREQ = 5;
    public static final int CLOSING = 6;
    public static final int TIMEWAIT = 7;

    /// Not states: what [DccpTransitions] says of packets that lead nowhere.
    static final int IGNORE = 8;
    static final int INVALID = 9;

    private static final String[] NAMES =
        {"NONE", "REQUEST", "RESPOND", "PARTOPEN", "OPEN", "CLOSEREQ", "CLOSING", "TIMEWAIT"};

    /// As `conntrack -L` writes it.
    public static String name(int state) {
        return NAMES[state];
    }

    /// True if the connection is on its way out, so that a full table may do without it.
    public static boolean isClosing(int state) {
        return state == CLOSEREQ || state == CLOSING || state == TIMEWAIT;
    }

    static TrackSysctl timeout(int state) {
        return switch (state) {
            case REQUEST -> TrackSysctl.DCCP_REQUEST;
            case RESPOND -> TrackSysctl.DCCP_RESPOND;
            case PARTOPEN -> TrackSysctl.DCCP_PARTOPEN;
            case OPEN -> TrackSysctl.DCCP_OPEN;
            case CLOSEREQ -> TrackSysctl.DCCP_CLOSEREQ;
            case CLOSING -> TrackSysctl.DCCP_CLOSING;
            default -> TrackSysctl.DCCP_TIMEWAIT;
        };
    }

    private DccpConntrackState() {}
}
