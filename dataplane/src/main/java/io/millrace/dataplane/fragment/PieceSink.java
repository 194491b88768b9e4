package io.millrace.dataplane.fragment;

/// Takes the pieces of a packet, in order, one call each. There may be thousands: more than a burst holds.
public interface PieceSink {

    /// The piece belongs to the sink from here on.
    void accept(int piece);
}
