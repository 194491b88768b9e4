package io.millrace.nic.sim.audit;

import io.millrace.flow.flower.engine.FlowerVerdict;
import io.millrace.packet.memory.PacketMeta;

import java.util.List;
import java.util.Locale;

/// What filters said of a packet.
///
/// @param filtered how far those of `tc` have come with a packet that passed, as in its metadata
/// @param isRuled  those of rules have seen it
/// @param target   port by which it leaves that was redirected
/// @param copies   ports by which copies leave, in order
record FilterOutcome(FlowerVerdict verdict, int filtered, boolean isRuled, int target, List<Integer> copies) {

    /// True if there is no packet any more.
    static boolean isOver(FlowerVerdict verdict) {
        return verdict == FlowerVerdict.DROPPED || verdict == FlowerVerdict.LOOPED;
    }

    String text() {
        var text = new StringBuilder(verdict.name().toLowerCase(Locale.ROOT));
        if (verdict == FlowerVerdict.REDIRECTED) text.append(" to port ").append(target);
        if (verdict == FlowerVerdict.PASSED) text.append(", ").append(progress());
        if (verdict == FlowerVerdict.PASSED && isRuled) text.append(", rules have seen it");
        for (int port : copies) text.append("; a copy to port ").append(port);
        return text.toString();
    }

    private String progress() {
        return switch (filtered) {
            case PacketMeta.FILTERED_NOT -> "nothing matched";
            case PacketMeta.FILTERED_WHOLLY -> "decided";
            default -> "undecided in chain " + (filtered - PacketMeta.FILTERED_UP_TO);
        };
    }
}
