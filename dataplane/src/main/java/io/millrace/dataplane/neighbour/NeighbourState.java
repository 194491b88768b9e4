package io.millrace.dataplane.neighbour;

/// Neighbour unreachability states, by Linux's names and bits (`NUD_…`, RFC 4861 §7.3.2). Numbers, because they lie in
/// the table's memory.
public final class NeighbourState {

    public static final int NONE = 0;
    public static final int INCOMPLETE = 0x01;
    public static final int REACHABLE = 0x02;
    public static final int STALE = 0x04;
    public static final int DELAY = 0x08;
    public static final int PROBE = 0x10;
    public static final int FAILED = 0x20;
    public static final int NOARP = 0x40;
    public static final int PERMANENT = 0x80;

    /// The link address is known to be good.
    static final int CONNECTED = PERMANENT | NOARP | REACHABLE;
    /// There is a link address.
    static final int VALID = CONNECTED | STALE | DELAY | PROBE;
    /// A timer runs.
    static final int TIMED = INCOMPLETE | REACHABLE | DELAY | PROBE;

    /// As `ip neigh` writes it.
    public static String name(int state) {
        return switch (state) {
            case NONE -> "NONE";
            case INCOMPLETE -> "INCOMPLETE";
            case REACHABLE -> "REACHABLE";
            case STALE -> "STALE";
            case DELAY -> "DELAY";
            case PROBE -> "PROBE";
            case FAILED -> "FAILED";
            case NOARP -> "NOARP";
            case PERMANENT -> "PERMANENT";
            default -> throw new IllegalArgumentException("no neighbour state has the number " + state);
        };
    }

    private NeighbourState() {}
}
