package io.millrace.dataplane.options;

/// Type bytes of IPv4 options (RFC 791 §3.1, RFC 2113) and where their fields lie, from the option's first byte.
final class OptionKind {

    static final int END = 0;
    static final int NO_OPERATION = 1;
    static final int RECORD_ROUTE = 7;
    static final int TIMESTAMP = 0x44;
    static final int LOOSE_SOURCE_ROUTE = 0x83;
    static final int STRICT_SOURCE_ROUTE = 0x89;
    static final int ROUTER_ALERT = 0x94;

    /// Options with this bit go into every piece of a fragmented packet.
    static final int COPIED = 0x80;

    static final int BYTES = 1;
    static final int POINTER = 2;            // counts from 1: the first free byte is at pointer - 1
    static final int ROUTE_DATA = 3;
    static final int POINTER_MIN = ROUTE_DATA + 1;
    static final int TIMESTAMP_FLAGS = 3;    // overflow count in the high half, kind in the low
    static final int TIMESTAMP_DATA = 4;
    static final int TIMESTAMP_POINTER_MIN = TIMESTAMP_DATA + 1;
    static final int ADDRESS_BYTES = 4;

    static final int OVERFLOW_MAX = 15;
    static final int TIME_ONLY = 0;
    static final int ADDRESS_AND_TIME = 1;
    static final int ADDRESS_GIVEN = 3;      // the sender names who may put a time

    private OptionKind() {}
}
