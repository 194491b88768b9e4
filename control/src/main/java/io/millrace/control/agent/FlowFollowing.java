package io.millrace.control.agent;

import io.millrace.control.command.show.FlowLines;
import io.millrace.control.event.ControlEvent;
import io.millrace.control.event.FlightEvents;
import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.offload.OffloadLog;
import io.millrace.nic.sim.flow.FlowEntry;

import java.util.Locale;

/// Tells of flows in NICs as control events, while somebody listens or records.
final class FlowFollowing {

    private static final int ENTRIES_PER_TURN = 64;

    private final RunningDataplane running;
    private final OffloadLog log;
    private final EventSubscribers subscribers;
    private long lostSeen;

    FlowFollowing(RunningDataplane running, OffloadLog log, EventSubscribers subscribers) {
        this.running = running;
        this.log = log;
        this.subscribers = subscribers;
    }

    void turn() {
        log.follow(subscribers.isAny() || FlightEvents.recordsFlows());
        log.poll(entry -> running.publish(event(entry)), ENTRIES_PER_TURN);
        long lost = log.lostCount();
        if (lost == lostSeen) return;
        running.publish(new ControlEvent.FlowOffload("lost", "", "", (lost - lostSeen) + " events", "control",
            Thread.currentThread().getName(), 0, 0));
        lostSeen = lost;
    }

    private static ControlEvent event(OffloadLog.Entry entry) {
        return new ControlEvent.FlowOffload(entry.action().name().toLowerCase(Locale.ROOT),
            entry.flow() == null ? "" : text(entry.flow()), entry.nic(), String.join(", ", entry.why()), entry.by(),
            entry.thread(), entry.slot(), entry.generation());
    }

    private static String text(OffloadLog.Flow flow) {
        FlowEntry.Tuple ends = flow.tuple();
        return FlowLines.protocol(flow.protocol()) + " "
            + FlowLines.end(flow.family(), ends.sourceHigh(), ends.sourceLow(), ends.sourcePort()) + " > "
            + FlowLines.end(flow.family(), ends.targetHigh(), ends.targetLow(), ends.targetPort());
    }
}
