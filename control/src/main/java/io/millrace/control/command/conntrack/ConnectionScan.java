package io.millrace.control.command.conntrack;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Caller;
import io.millrace.control.command.Steps;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.hook.Tracking;
import io.millrace.flow.track.ConnectionText;
import io.millrace.flow.track.Connections;
import io.millrace.flow.track.ConnectionTable;
import io.millrace.flow.track.machine.Direction;
import io.millrace.flow.track.machine.TrackSettings;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Walks through the connections, a part of the table each step: the worker copies the entries that are meant, and
/// deletes them if they are to go; text or values are made of the copies. What has gathered is told the caller on the
/// way, as fast as that reads it: notifications `output` with a `text`, or with `values`, and the rest in the answer.
final class ConnectionScan implements Steps {

    private static final int LOOKED_AT_A_STEP = 1_024;
    private static final int COPIES_A_STEP = 256;
    private static final int TEXT_CHARS = 64 << 10;
    /// Of a message, which must not become too long.
    private static final int VALUES = 128;
    private static final long UNREAD_NS_MAX = 10_000_000_000L;

    private final RunningDataplane running;
    private final ConntrackOptions options;
    private final Caller caller;
    private final boolean isJson;
    private final Connections copies = Connections.copies(COPIES_A_STEP);
    private final ConnectionText text;
    private final StringBuilder gathered = new StringBuilder();
    private ArrayNode values = JsonNodeFactory.instance.arrayNode();
    private int next;
    private int until;
    private int count;
    private int copied;
    private long scannedNs;
    private long unreadSinceNs;

    ConnectionScan(RunningDataplane running, ConntrackOptions options, Caller caller, boolean isJson) {
        this(running, options, caller, isJson, 0, Integer.MAX_VALUE);
    }

    /// One connection alone.
    ConnectionScan(RunningDataplane running, ConntrackOptions options, Caller caller, boolean isJson, int entry) {
        this(running, options, caller, isJson, entry, entry + 1);
    }

    private ConnectionScan(RunningDataplane running, ConntrackOptions options, Caller caller, boolean isJson, int from,
                           int until) {
        this.running = running;
        this.options = options;
        this.caller = caller;
        this.isJson = isJson;
        this.next = from;
        this.until = until;
        Tracking tracking = running.onRouter(_ -> running.router().hooks().tracking());
        TrackSettings settings = tracking == null ? new TrackSettings() : tracking.table().settings();
        this.text = new ConnectionText(copies, settings);
    }

    @Override
    public Answer step() {
        if (!caller.isConnected()) throw new Refusal(1, "nobody reads");
        boolean isFull = gathered.length() >= TEXT_CHARS || values.size() >= VALUES;
        if (isFull && !isTold()) return null;
        boolean isOver = running.onRouter(this::scan);
        for (int i = 0; i < copied; i++) append(i);
        count += copied;
        return isOver ? answer() : null;
    }

    @Override
    public boolean isBusy() {
        return unreadSinceNs == 0;
    }

    /// Tells what has gathered. False while the caller has too much unread.
    private boolean isTold() {
        long nowNs = System.nanoTime();
        if (!caller.hasRoom()) {
            if (unreadSinceNs == 0) unreadSinceNs = nowNs;
            if (nowNs - unreadSinceNs > UNREAD_NS_MAX) throw new Refusal(1, "the listing was not read");
            return false;
        }
        unreadSinceNs = 0;
        ObjectNode params = JsonNodeFactory.instance.objectNode();
        if (isJson) params.set("values", values);
        else params.put("text", gathered.toString());
        caller.tell("output", params);
        gathered.setLength(0);
        values = JsonNodeFactory.instance.arrayNode();
        return true;
    }

    /// On the worker. True if nothing is left.
    private boolean scan(long nowNs) {
        scannedNs = nowNs;
        copied = 0;
        Tracking tracking = running.router().hooks().tracking();
        if (tracking == null) return true;
        ConnectionTable table = tracking.table();
        Connections connections = table.connections();
        int end = Math.min(until, table.usedEntries());
        int pause = Math.min(end, next + LOOKED_AT_A_STEP);
        while (next < pause && copied < COPIES_A_STEP) {
            int entry = next++;
            if (!table.isListed(entry) || !isMeant(connections, entry, nowNs)) continue;
            tracking.settle(entry);
            connections.copy(entry, copies, copied++);
            if (isDeleting()) {
                table.kill(entry, nowNs);
            } else if (options.isZeroing()) {
                for (int direction = Direction.ORIGINAL; direction <= Direction.REPLY; direction++) {
                    connections.count(entry, direction, -connections.packets(entry, direction),
                        -connections.bytes(entry, direction));
                }
            }
        }
        return next >= end;
    }

    private boolean isMeant(Connections connections, int entry, long nowNs) {
        if (connections.timeoutNs(entry) - nowNs <= 0) return false;
        return options.command() == ConntrackOptions.Command.GET || options.command() == ConntrackOptions.Command.FLUSH
            || options.filter.matches(connections, entry);
    }

    private boolean isDeleting() {
        return options.command() == ConntrackOptions.Command.DELETE
            || options.command() == ConntrackOptions.Command.FLUSH;
    }

    private void append(int place) {
        if (options.command() == ConntrackOptions.Command.FLUSH) return;
        if (!isJson) {
            gathered.append(text.line(place, scannedNs, options.extras())).append('\n');
            return;
        }
        values.add(ConnectionJson.of(copies, place, text, scannedNs));
    }

    private Answer answer() {
        Answer answer = isJson ? Answer.json(values) : Answer.text(gathered);
        return switch (options.command()) {
            case FLUSH -> answer.with(0, ConntrackOptions.NAME + "connection tracking table has been emptied.\n");
            case DELETE -> answer.with(count == 0 ? 1 : 0, said("deleted"));
            default -> answer.with(0, said("shown"));
        };
    }

    private String said(String what) {
        return ConntrackOptions.NAME + count + " flow entries have been " + what + ".\n";
    }
}
