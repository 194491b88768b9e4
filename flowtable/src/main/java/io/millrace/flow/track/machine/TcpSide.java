package io.millrace.flow.track.machine;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// What was seen of one end of a TCP connection: how far it sent, how far it may send, and what it acknowledged. The
/// names in quotes are Linux's (`struct ip_ct_tcp_state`). Off heap it is 20 bytes.
public final class TcpSide {

    static final int BYTES = 20;

    /// Flags, with Linux's bits.
    public static final int WINDOW_SCALE = 0x01;
    public static final int SACK_PERMITTED = 0x02;
    public static final int CLOSE_BEGUN = 0x04;
    public static final int LIBERAL = 0x08;
    public static final int UNACKNOWLEDGED = 0x10;
    public static final int ACKNOWLEDGED_SET = 0x20;

    private int end;
    private int endMax;
    private int windowMax;
    private int acknowledged;
    private int scale;
    private int flags;

    void load(MemorySegment memory, long at) {
        end = Wire.hostI32(memory, at);
        endMax = Wire.hostI32(memory, at + 4);
        windowMax = Wire.hostI32(memory, at + 8);
        acknowledged = Wire.hostI32(memory, at + 12);
        scale = Wire.hostU16(memory, at + 16);
        flags = Wire.hostU16(memory, at + 18);
    }

    void store(MemorySegment memory, long at) {
        Wire.hostI32(memory, at, end);
        Wire.hostI32(memory, at + 4, endMax);
        Wire.hostI32(memory, at + 8, windowMax);
        Wire.hostI32(memory, at + 12, acknowledged);
        Wire.hostU16(memory, at + 16, scale);
        Wire.hostU16(memory, at + 18, flags);
    }

    public void clear() {
        extent(0, 0, 0);
        acknowledged = 0;
        scale = 0;
        flags = 0;
    }

    void extent(int end, int endMax, int windowMax) {
        this.end = end;
        this.endMax = endMax;
        this.windowMax = windowMax;
    }

    /// Takes over what a SYN offers; whether the window is checked stays.
    void options(TcpSegment segment) {
        scale = 0;
        flags &= LIBERAL;
        if (segment.scale() != TcpSegment.NO_SCALE) {
            scale = segment.scale();
            flags |= WINDOW_SCALE;
        }
        if (segment.isSackPermitted()) flags |= SACK_PERMITTED;
    }

    /// Behind the last byte it sent ("td_end").
    public int end()          { return end; }
    /// Behind the last byte it may send ("td_maxend").
    public int endMax()       { return endMax; }
    /// The largest window it offered; 0 before its first packet ("td_maxwin").
    public int windowMax()    { return windowMax; }
    /// The largest acknowledgement it sent ("td_maxack").
    public int acknowledged() { return acknowledged; }
    /// Shift of its windows ("td_scale").
    public int scale()        { return scale; }
    public int flags()        { return flags; }

    public boolean has(int flag) { return (flags & flag) != 0; }

    void end(int value)          { end = value; }
    void endMax(int value)       { endMax = value; }
    public void windowMax(int value) { windowMax = value; }
    void acknowledged(int value) { acknowledged = value; }
    void scale(int value)        { scale = value; }
    public void flags(int value) { flags = value; }
    public void set(int flag)    { flags |= flag; }
    public void unset(int flag)  { flags &= ~flag; }
}
