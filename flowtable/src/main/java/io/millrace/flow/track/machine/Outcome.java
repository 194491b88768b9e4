package io.millrace.flow.track.machine;

/// What a packet means to its connection.
public enum Outcome {

    /// It belongs to the connection; the timer starts again with the step's timeout.
    ACCEPT,
    /// It is let through, but the timer goes on as before: it may belong to another connection than the one known here.
    PASS,
    /// It does not belong to the connection. It goes on without one, in state INVALID.
    INVALID,
    /// The connection is over and a new one begins with this packet.
    REPEAT,
    /// It ends the connection at once; the packet itself is let through.
    END
}
