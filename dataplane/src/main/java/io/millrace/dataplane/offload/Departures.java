package io.millrace.dataplane.offload;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Predicate;

/// Has the flows leave hardware that something has happened to which concerns many: a few a turn, so that no turn grows
/// with their number. Those that are added later are not concerned: they were decided on in the knowledge of it.
final class Departures {

    private static final int LOOKS_PER_TURN = 256;

    private final FlowCourse course;
    private final List<HardwareFlow> installed;
    private final ArrayDeque<Departure> underWay = new ArrayDeque<>();

    private static final class Departure {

        private final Predicate<HardwareFlow> isConcerned;
        private final RemovalCause cause;
        private int left;   // places below are still to be looked at

        Departure(Predicate<HardwareFlow> isConcerned, RemovalCause cause, int count) {
            this.isConcerned = isConcerned;
            this.cause = cause;
            this.left = count;
        }
    }

    /// @param installed all that are on their way in, there, or on their way out; one that goes leaves its place to the
    ///                  last, which has been looked at if that place has
    Departures(FlowCourse course, List<HardwareFlow> installed) {
        this.course = course;
        this.installed = installed;
    }

    void begin(Predicate<HardwareFlow> isConcerned, RemovalCause cause) {
        underWay.add(new Departure(isConcerned, cause, installed.size()));
    }

    void turn() {
        int looks = LOOKS_PER_TURN;
        while (looks > 0 && !underWay.isEmpty()) {
            Departure first = underWay.getFirst();
            first.left = Math.min(first.left, installed.size());
            for (; looks > 0 && first.left > 0; looks--) {
                HardwareFlow flow = installed.get(--first.left);
                if (first.isConcerned.test(flow)) course.end(flow, first.cause);
            }
            if (first.left == 0) underWay.removeFirst();
        }
    }
}
