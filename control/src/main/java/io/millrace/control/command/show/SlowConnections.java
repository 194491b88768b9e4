package io.millrace.control.command.show;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Steps;
import io.millrace.control.live.RunningDataplane;
import io.millrace.control.report.TextTable;
import io.millrace.dataplane.hook.Tracking;
import io.millrace.flow.path.FlowObstacle;
import io.millrace.flow.track.ConnectionStatus;
import io.millrace.flow.track.ConnectionTable;
import io.millrace.flow.track.Connections;
import io.millrace.flow.track.machine.Direction;
import io.millrace.flow.tuple.Tuple;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// `show flows slow`: connections that are not in the flow table, and why: what stood against it when a rule last
/// tried. A part of the table each step.
final class SlowConnections implements Steps {

    private static final int LOOKED_AT_A_STEP = 1_024;

    private final RunningDataplane running;
    private final int countMax;
    private final boolean isJson;
    private final Connections copies;
    private final Tuple tuple = new Tuple();
    private int next;
    private int copied;

    SlowConnections(RunningDataplane running, int countMax, boolean isJson) {
        this.running = running;
        this.countMax = countMax;
        this.isJson = isJson;
        this.copies = Connections.copies(countMax);
    }

    @Override
    public Answer step() {
        boolean isOver = running.onRouter(_ -> scan());
        return isOver ? answer() : null;
    }

    /// On the worker. True if there is no more to see.
    private boolean scan() {
        Tracking tracking = running.router().hooks().tracking();
        if (tracking == null) return true;
        ConnectionTable table = tracking.table();
        int end = table.usedEntries();
        int pause = Math.min(end, next + LOOKED_AT_A_STEP);
        for (; next < pause && copied < countMax; next++) {
            boolean isSlow = table.isListed(next) && !table.connections().has(next, ConnectionStatus.OFFLOAD);
            if (isSlow) table.connections().copy(next, copies, copied++);
        }
        return next >= end || copied == countMax;
    }

    private Answer answer() {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        var table = new TextTable("protocol", "source", "target", "not in the flow table because");
        for (int i = 0; i < copied; i++) {
            copies.tuple(i, Direction.ORIGINAL, tuple);
            String protocol = FlowLines.protocol(tuple.protocol());
            String source = FlowLines.end(tuple.family(), tuple.sourceHigh(), tuple.sourceLow(), tuple.sourcePort());
            String target = FlowLines.end(tuple.family(), tuple.targetHigh(), tuple.targetLow(), tuple.targetPort());
            String why = copies.obstacles(i) == 0 ? "no rule has tried, or it has left it"
                : FlowObstacle.names(copies.obstacles(i));
            array.addObject().put("protocol", protocol).put("source", source).put("target", target).put("why", why);
            table.row(protocol, source, target, why);
        }
        if (isJson) return Answer.json(array);
        var text = new StringBuilder();
        table.appendTo(text);
        return Answer.text(text);
    }
}
