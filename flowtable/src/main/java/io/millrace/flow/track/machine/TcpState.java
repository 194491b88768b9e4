package io.millrace.flow.track.machine;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// All that is remembered of a TCP connection (`struct ip_ct_tcp`): its state, its two sides, and the last segment that
/// counted or was let through in doubt. Off heap:
///
/// ```
///   0 side of the original direction      20 side of the reply direction
///  40 u8 state  41 u8 last direction  42 u8 last kind  43 u8 retransmissions  44 u8 last scale  45 u8 last flags
///  48 i32 last sequence  52 i32 last acknowledgement  56 i32 last end  60 i32 last window, scaled or not
/// ```
public final class TcpState {

    public static final int BYTES = 64;

    /// Flags of the last SYN beside those of a side.
    static final int CHALLENGE_EXPECTED = 0x40;
    static final int SIMULTANEOUS_OPEN = 0x80;

    private static final int STATE = 40;
    private static final int LAST_DIRECTION = 41;
    private static final int LAST_KIND = 42;
    private static final int RETRANSMISSIONS = 43;
    private static final int LAST_SCALE = 44;
    private static final int LAST_FLAGS = 45;
    private static final int LAST_SEQUENCE = 48;
    private static final int LAST_ACKNOWLEDGEMENT = 52;
    private static final int LAST_END = 56;
    private static final int LAST_WINDOW = 60;
    private static final int RETRANSMISSIONS_MAX = 255;

    private final TcpSide original = new TcpSide();
    private final TcpSide reply = new TcpSide();
    private int state;
    private int lastDirection;
    private int lastKind;
    private int retransmissions;
    private int lastScale;
    private int lastFlags;
    private int lastSequence;
    private int lastAcknowledgement;
    private int lastEnd;
    private int lastWindow;

    public TcpState load(MemorySegment memory, long at) {
        original.load(memory, at);
        reply.load(memory, at + TcpSide.BYTES);
        state = Wire.u8(memory, at + STATE);
        lastDirection = Wire.u8(memory, at + LAST_DIRECTION);
        lastKind = Wire.u8(memory, at + LAST_KIND);
        retransmissions = Wire.u8(memory, at + RETRANSMISSIONS);
        lastScale = Wire.u8(memory, at + LAST_SCALE);
        lastFlags = Wire.u8(memory, at + LAST_FLAGS);
        lastSequence = Wire.hostI32(memory, at + LAST_SEQUENCE);
        lastAcknowledgement = Wire.hostI32(memory, at + LAST_ACKNOWLEDGEMENT);
        lastEnd = Wire.hostI32(memory, at + LAST_END);
        lastWindow = Wire.hostI32(memory, at + LAST_WINDOW);
        return this;
    }

    public void store(MemorySegment memory, long at) {
        original.store(memory, at);
        reply.store(memory, at + TcpSide.BYTES);
        Wire.u8(memory, at + STATE, state);
        Wire.u8(memory, at + LAST_DIRECTION, lastDirection);
        Wire.u8(memory, at + LAST_KIND, lastKind);
        Wire.u8(memory, at + RETRANSMISSIONS, retransmissions);
        Wire.u8(memory, at + LAST_SCALE, lastScale);
        Wire.u8(memory, at + LAST_FLAGS, lastFlags);
        Wire.hostI32(memory, at + LAST_SEQUENCE, lastSequence);
        Wire.hostI32(memory, at + LAST_ACKNOWLEDGEMENT, lastAcknowledgement);
        Wire.hostI32(memory, at + LAST_END, lastEnd);
        Wire.hostI32(memory, at + LAST_WINDOW, lastWindow);
    }

    /// The state alone, of a connection off heap.
    public static int stateAt(MemorySegment memory, long at) {
        return Wire.u8(memory, at + STATE);
    }

    void clear() {
        original.clear();
        reply.clear();
        state = TcpConntrackState.NONE;
        lastDirection = Direction.ORIGINAL;
        lastKind = TcpKind.NONE;
        retransmissions = 0;
        lastScale = 0;
        lastFlags = 0;
        last(0, 0, 0, 0);
    }

    public TcpSide side(int direction) {
        return direction == Direction.ORIGINAL ? original : reply;
    }

    /// A number of [TcpConntrackState].
    public int state()           { return state; }
    public void state(int value) { state = value; }

    int lastDirection()          { return lastDirection; }
    int lastKind()               { return lastKind; }
    int lastScale()              { return lastScale; }
    int lastFlags()              { return lastFlags; }
    int lastSequence()           { return lastSequence; }
    int lastAcknowledgement()    { return lastAcknowledgement; }
    int lastEnd()                { return lastEnd; }
    int lastWindow()             { return lastWindow; }
    public int retransmissions() { return retransmissions; }

    void last(int kind, int direction) {
        lastKind = kind;
        lastDirection = direction;
    }

    void last(int sequence, int acknowledgement, int end, int window) {
        lastSequence = sequence;
        lastAcknowledgement = acknowledgement;
        lastEnd = end;
        lastWindow = window;
    }

    void lastDirection(int value)       { lastDirection = value; }
    void lastAcknowledgement(int value) { lastAcknowledgement = value; }
    void lastScale(int value)           { lastScale = value; }
    void lastFlags(int value)           { lastFlags = value; }
    void retransmissions(int value)     { retransmissions = Math.min(value, RETRANSMISSIONS_MAX); }
}
