package io.millrace.nic.sim.fault;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What a device can be told to do wrong: shares of the times that it could, and durations.
public enum FaultKind {

    LATE_COMPLETIONS("late-completions", true, "completions seen up to `late` after their time, overtaken by others"),
    LOST_COMPLETIONS("lost-completions", true, "completions never seen"),
    REPEATED_COMPLETIONS("repeated-completions", true, "completions seen twice"),
    LIES("lies", true, "commands said to be done, and not carried out"),
    LOST_ENTRIES("lost-entries", true, "entries that are gone as soon as they were added"),
    FULL_EARLY("full-early", true, "entries refused though there is room"),
    JUMPING_COUNTERS("jumping-counters", true, "counters read too high"),
    STOPPED_COUNTERS("stopped-counters", true, "of the readings: a counter that stands still from then on"),
    WRONG_SUMS("wrong-sums", true, "packets about whose checksum the device is wrong"),
    LATE("late", false, "how late a completion is at most; 2 ms if not given"),
    RESET_EVERY("reset-every", false, "the firmware begins anew, and its flow table is empty"),
    STUCK_EVERY("stuck-every", false, "each queue is stuck once in so long"),
    STUCK_FOR("stuck-for", false, "how long it is, unless it is reset"),
    DOWN_EVERY("down-every", false, "each wire is disconnected once in so long"),
    DOWN_FOR("down-for", false, "how long it is");

    /// The longest duration.
    public static final long NS_MAX = 3_600_000_000_000L;

    private static final List<FaultKind> ALL = List.of(values());

    private final String label;
    private final boolean isShare;
    private final String meaning;

    FaultKind(String label, boolean isShare, String meaning) {
        this.label = label;
        this.isShare = isShare;
        this.meaning = meaning;
    }

    /// As an operator writes it.
    public String label()    { return label; }
    /// A share from 0 to 1; else a duration.
    public boolean isShare() { return isShare; }
    public String meaning()  { return meaning; }

    public static Optional<FaultKind> labelled(String label) {
        return ALL.stream().filter(each -> each.label.equals(label)).findFirst();
    }

    public static List<String> labels() {
        return Arrays.stream(values()).map(FaultKind::label).toList();
    }
}
