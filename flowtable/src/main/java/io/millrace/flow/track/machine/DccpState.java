package io.millrace.flow.track.machine;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// All that is remembered of a DCCP connection (`struct nf_ct_dccp`). Off heap:
///
/// ```
///   0 u8 state  1 u8 direction of the client  2 u8 last kind  3 u8 last direction   8 i64 sequence of the response
/// ```
public final class DccpState {

    private static final int CLIENT = 1;
    private static final int LAST_KIND = 2;
    private static final int LAST_DIRECTION = 3;
    private static final int RESPONSE_SEQUENCE = 8;

    private int state;
    private int client;
    private int lastKind;
    private int lastDirection;
    private long responseSequence;

    public DccpState load(MemorySegment memory, long at) {
        state = stateAt(memory, at);
        client = Wire.u8(memory, at + CLIENT);
        lastKind = Wire.u8(memory, at + LAST_KIND);
        lastDirection = Wire.u8(memory, at + LAST_DIRECTION);
        responseSequence = Wire.hostI64(memory, at + RESPONSE_SEQUENCE);
        return this;
    }

    public void store(MemorySegment memory, long at) {
        Wire.u8(memory, at, state);
        Wire.u8(memory, at + CLIENT, client);
        Wire.u8(memory, at + LAST_KIND, lastKind);
        Wire.u8(memory, at + LAST_DIRECTION, lastDirection);
        Wire.hostI64(memory, at + RESPONSE_SEQUENCE, responseSequence);
    }

    /// The state alone, of a connection off heap.
    public static int stateAt(MemorySegment memory, long at) {
        return Wire.u8(memory, at);
    }

    void clear() {
        state = DccpConntrackState.NONE;
        client = Direction.ORIGINAL;
        last(DccpKind.REQUEST, Direction.ORIGINAL);
        responseSequence = 0;
    }

    /// A number of [DccpConntrackState].
    public int state()             { return state; }
    public void state(int value)   { state = value; }

    int client()                   { return client; }
    int lastKind()                 { return lastKind; }
    int lastDirection()            { return lastDirection; }
    long responseSequence()        { return responseSequence; }

    void client(int value)            { client = value; }
    void responseSequence(long value) { responseSequence = value; }

    void last(int kind, int direction) {
        lastKind = kind;
        lastDirection = direction;
    }
}
