package io.millrace.control.trace;

import java.util.ArrayList;
import java.util.List;

/// One packet's way, as it was traced.
///
/// @param port   it was received by
/// @param timeNs when
/// @param steps  in their order
public record PacketTrace(String port, long timeNs, List<Step> steps) {

    /// Where a packet may come by again and again: what follows is not noted.
    static final int STEPS_MAX = 32;

    /// @param afterNs since it was received
    /// @param at      the stage or port
    /// @param text    what was found or decided there
    public record Step(long afterNs, String at, String text) {}

    PacketTrace(String port, long timeNs) {
        this(port, timeNs, new ArrayList<>());
    }

    void add(long nowNs, String at, String text) {
        if (steps.size() < STEPS_MAX) steps.add(new Step(nowNs - timeNs, at, text));
    }
}
