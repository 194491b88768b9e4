package io.millrace.flow.track.machine;

import io.millrace.packet.header.TcpFlags;

/// What [TcpMachine] needs to know of a segment, in an object that is used again. Sequence numbers are 32 bits without
/// a sign.
public final class TcpSegment {

    /// No window scale option.
    public static final int NO_SCALE = -1;
    /// RFC 7323 §2.3: a larger one counts as this.
    public static final int SCALE_MAX = 14;

    private int flags;
    private int sequence;
    private int acknowledgement;
    private int window;
    private int end;
    private int scale;
    private boolean isSackPermitted;
    private int sackEdge;

    /// The fixed header of a segment that carries `payloadBytes`; no options.
    public TcpSegment header(int flags, int sequence, int acknowledgement, int window, int payloadBytes) {
        this.flags = flags;
        this.sequence = sequence;
        this.acknowledgement = acknowledgement;
        this.window = window;
        this.end = sequence + payloadBytes + (isSyn() ? 1 : 0) + (isFin() ? 1 : 0);
        this.scale = NO_SCALE;
        this.isSackPermitted = false;
        this.sackEdge = acknowledgement;
        return this;
    }

    public TcpSegment scale(int value) {
        scale = Math.min(value, SCALE_MAX);
        return this;
    }

    public TcpSegment sackPermitted() {
        isSackPermitted = true;
        return this;
    }

    /// The right edge of a block that arrived out of order.
    public TcpSegment sacked(int rightEdge) {
        if (rightEdge - sackEdge > 0) sackEdge = rightEdge;
        return this;
    }

    public int flags()               { return flags; }
    /// A [TcpKind].
    public int kind()                { return TcpKind.of(flags); }
    public boolean isSyn()           { return (flags & TcpFlags.SYN) != 0; }
    public boolean isAck()           { return (flags & TcpFlags.ACK) != 0; }
    public boolean isFin()           { return (flags & TcpFlags.FIN) != 0; }
    public boolean isRst()           { return (flags & TcpFlags.RST) != 0; }
    public int sequence()            { return sequence; }
    public int acknowledgement()     { return acknowledgement; }
    /// As it stands in the header, not scaled.
    public int window()              { return window; }
    /// The number behind the segment's last; SYN and FIN count.
    public int end()                 { return end; }
    /// 0 to 14, or [#NO_SCALE].
    public int scale()               { return scale; }
    public boolean isSackPermitted() { return isSackPermitted; }
    /// The last right edge of its SACK blocks, or the acknowledgement if none is behind it.
    public int sackEdge()            { return sackEdge; }
}
