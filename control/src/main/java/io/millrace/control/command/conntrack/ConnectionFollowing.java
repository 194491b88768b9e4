package io.millrace.control.command.conntrack;

import io.millrace.control.command.Caller;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.hook.Hooks;
import io.millrace.flow.track.ConnectionEvents;
import io.millrace.flow.track.ConnectionQueue;
import io.millrace.flow.track.ConnectionText;
import io.millrace.flow.track.machine.TrackSettings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Who follows connections as they begin, change and end (`conntrack -E`). While somebody does, the worker copies each
/// event into a bounded queue; text is made here. What finds no room, in the queue or with a caller that does not read,
/// is counted, and told with the next event.
public final class ConnectionFollowing {

    private static final int FOLLOWERS_MAX = 64;
    private static final int QUEUE_EVENTS = 4_096;
    private static final int EVENTS_A_TURN = 64;
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long NS_PER_US = 1_000;

    private static final class Follower {
        private final ConntrackOptions options;
        private final Caller caller;
        private long lostCount;

        private Follower(ConntrackOptions options, Caller caller) {
            this.options = options;
            this.caller = caller;
        }
    }

    private final RunningDataplane running;
    private final List<Follower> followers = new ArrayList<>();
    private ConnectionQueue queue;
    private ConnectionText text;
    private long lostBefore;

    public ConnectionFollowing(RunningDataplane running) {
        this.running = running;
    }

    void add(ConntrackOptions options, Caller caller) {
        if (followers.size() == FOLLOWERS_MAX) {
            throw new Refusal(1, ConntrackOptions.NAME + FOLLOWERS_MAX + " follow already; that many may");
        }
        if (queue == null) begin();
        followers.add(new Follower(options, caller));
    }

    private void begin() {
        var made = new ConnectionQueue(QUEUE_EVENTS);
        Hooks hooks = running.router().hooks();
        running.onRouter(_ -> {
            hooks.listen((kind, entry, nowNs) ->
                made.on(kind, entry, nowNs, hooks.tracking().table().connections()));
            return null;
        });
        queue = made;
        text = new ConnectionText(made.copies(), new TrackSettings());
        lostBefore = 0;
    }

    /// Once a turn of the control thread.
    public void turn() {
        if (queue == null) return;
        long lost = queue.lostCount();
        if (lost != lostBefore) {
            for (Follower each : followers) each.lostCount += lost - lostBefore;
            lostBefore = lost;
        }
        for (int i = 0; i < EVENTS_A_TURN; i++) {
            int place = queue.next();
            if (place < 0) break;
            for (Follower each : followers) tell(each, place);
            queue.done();
        }
        followers.removeIf(each -> !each.caller.isConnected());
        if (followers.isEmpty()) end();
    }

    private void end() {
        queue = null;
        try {
            running.onRouter(_ -> {
                running.router().hooks().listen(ConnectionEvents.NONE);
                return null;
            });
        } catch (Refusal e) {
            // The run ends at this moment, and with it what was listened to.
        }
    }

    private void tell(Follower follower, int place) {
        ConntrackOptions options = follower.options;
        if (!options.events.contains(queue.kind(place))) return;
        if (!options.filter.matches(queue.copies(), place)) return;
        long timeNs = queue.timeNs(place);
        String time = options.hasTime() ? String.format(Locale.ROOT, "[%d.%06d]\t", timeNs / NS_PER_SECOND,
            timeNs % NS_PER_SECOND / NS_PER_US) : "";
        ObjectNode params = JsonNodeFactory.instance.objectNode()
            .put("text", time + text.event(queue.kind(place), place, timeNs, options.extras()) + "\n");
        if (follower.lostCount > 0) params.put("lost", follower.lostCount);
        if (follower.caller.tell("output", params)) {
            follower.lostCount = 0;
        } else {
            follower.lostCount++;
        }
    }
}
