package io.millrace.control.socket;

import java.time.Duration;

/// How much the control socket grants its clients.
///
/// @param sessionsMax     clients at a time; more are told so and cut off
/// @param lineBytesMax    of one message, its line end included
/// @param unreadBytesMax  of answers and events that a client has not read yet
/// @param unservedMax     requests of one client that wait for their answers; further ones stay unread in the socket
/// @param lineTime        from the first byte of a message to its line end
public record SocketLimits(int sessionsMax, int lineBytesMax, int unreadBytesMax, int unservedMax,
                           Duration lineTime) {

    /// A long ruleset is one message; an answer with every route of a large table fits.
    public static final SocketLimits USUAL =
        new SocketLimits(64, 1 << 20, 8 << 20, 32, Duration.ofSeconds(10));
}
