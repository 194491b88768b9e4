package io.millrace.flow.track.machine;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// All that is remembered of an SCTP association (`struct ip_ct_sctp`): its state, the verification tag of each
/// direction's packets, which side sent INIT, and a heartbeat with another tag. Off heap:
///
/// ```
///   0 u8 state  1 u8 INIT seen, a bit for each direction  2 u8 heartbeat out of place  3 u8 its direction
///   4 i32 tag of the original direction  8 i32 tag of the reply direction
/// ```
public final class SctpState {

    private static final int INITIATED = 1;
    private static final int HEARTBEAT_FAILED = 2;
    private static final int LAST_DIRECTION = 3;
    private static final int TAG_ORIGINAL = 4;
    private static final int TAG_REPLY = 8;

    private int state;
    private int initiated;
    private boolean isHeartbeatFailed;
    private int lastDirection;
    private int originalTag;
    private int replyTag;

    public SctpState load(MemorySegment memory, long at) {
        state = stateAt(memory, at);
        initiated = Wire.u8(memory, at + INITIATED);
        isHeartbeatFailed = Wire.u8(memory, at + HEARTBEAT_FAILED) != 0;
        lastDirection = Wire.u8(memory, at + LAST_DIRECTION);
        originalTag = Wire.hostI32(memory, at + TAG_ORIGINAL);
        replyTag = Wire.hostI32(memory, at + TAG_REPLY);
        return this;
    }

    public void store(MemorySegment memory, long at) {
        Wire.u8(memory, at, state);
        Wire.u8(memory, at + INITIATED, initiated);
        Wire.u8(memory, at + HEARTBEAT_FAILED, isHeartbeatFailed ? 1 : 0);
        Wire.u8(memory, at + LAST_DIRECTION, lastDirection);
        Wire.hostI32(memory, at + TAG_ORIGINAL, originalTag);
        Wire.hostI32(memory, at + TAG_REPLY, replyTag);
    }

    /// The state alone, of a connection off heap.
    public static int stateAt(MemorySegment memory, long at) {
        return Wire.u8(memory, at);
    }

    void clear() {
        state = SctpConntrackState.NONE;
        initiated = 0;
        isHeartbeatFailed = false;
        lastDirection = Direction.ORIGINAL;
        originalTag = 0;
        replyTag = 0;
    }

    /// A number of [SctpConntrackState].
    public int state()             { return state; }
    public void state(int value)   { state = value; }

    int tag(int direction) {
        return direction == Direction.ORIGINAL ? originalTag : replyTag;
    }

    void tag(int direction, int value) {
        if (direction == Direction.ORIGINAL) {
            originalTag = value;
        } else {
            replyTag = value;
        }
    }

    boolean isInitiated(int direction) {
        return (initiated & 1 << direction) != 0;
    }

    void initiated(int direction, boolean yes) {
        initiated = yes ? initiated | 1 << direction : initiated & ~(1 << direction);
    }

    boolean isHeartbeatFailed()  { return isHeartbeatFailed; }
    int lastDirection()          { return lastDirection; }

    void heartbeatFailed(int direction) {
        isHeartbeatFailed = true;
        lastDirection = direction;
    }

    void heartbeatRight() {
        isHeartbeatFailed = false;
    }
}
