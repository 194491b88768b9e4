package io.millrace.control.command.show;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Steps;
import io.millrace.control.live.RunningDataplane;
import io.millrace.control.report.Quantity;
import io.millrace.control.report.TextTable;
import io.millrace.dataplane.hook.Hooks;
import io.millrace.dataplane.hook.Offloading;
import io.millrace.dataplane.offload.HardwareObstacle;
import io.millrace.dataplane.offload.OffloadControl;
import io.millrace.flow.table.FlowImage;
import io.millrace.flow.table.FlowLine;
import io.millrace.flow.table.FlowListing;
import io.millrace.flow.table.FlowTable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// `show flows`: the flows with the most bytes, the heaviest first. Read under their sequence numbers, some slots a
/// step; the worker does not notice.
final class HeaviestFlows implements Steps {

    private static final int FLOWS_A_STEP = 2_048;
    private static final double NS_PER_SECOND = 1e9;

    private record Row(String protocol, String source, String target, long[] packets, long[] bytes, long idleNs,
                       int connection, Hardware hardware) {
        long weight() {
            return bytes[0] + bytes[1];
        }
    }

    /// @param obstacles bits of [HardwareObstacle]
    private record Hardware(boolean isThere, int obstacles) {

        String text() {
            if (isThere) return "yes";
            return obstacles == 0 ? "no: not looked at yet" : "no: " + HardwareObstacle.names(obstacles);
        }
    }

    private final RunningDataplane running;
    private final OffloadControl offload;   // null where no port has a NIC
    private final int countMax;
    private final boolean isJson;
    private final FlowListing listing;
    private final FlowImage image = new FlowImage();
    private final PriorityQueue<Row> rows = new PriorityQueue<>(Comparator.comparingLong(Row::weight));
    private int slot;
    private int flowCount;

    HeaviestFlows(RunningDataplane running, int countMax, boolean isJson) {
        this.running = running;
        this.offload = running.router().offload();
        this.countMax = countMax;
        this.isJson = isJson;
        Hooks hooks = running.router().hooks();
        Offloading offloading = running.onRouter(_ -> hooks.offloading());
        this.listing = offloading == null ? null : new FlowListing(offloading.flows());
    }

    @Override
    public Answer step() {
        long nowNs = running.nowNs();
        for (int i = 0; i < FLOWS_A_STEP; i++) {
            slot = listing == null ? FlowTable.NONE : listing.next(slot, image);
            if (slot == FlowTable.NONE) return answer();
            slot++;
            flowCount++;
            keep(nowNs);
        }
        return null;
    }

    private void keep(long nowNs) {
        long[] packets = {image.packets(0), image.packets(1)};
        long[] bytes = {image.bytes(0), image.bytes(1)};
        if (rows.size() == countMax && rows.peek().weight() >= bytes[0] + bytes[1]) return;
        if (rows.size() == countMax) rows.poll();
        rows.add(new Row(FlowLines.protocol(image.protocol(0)),
            FlowLines.end(image.family(0), image.sourceHigh(0), image.sourceLow(0), image.sourcePort(0)),
            FlowLines.end(image.family(0), image.targetHigh(0), image.targetLow(0), image.targetPort(0)), packets,
            bytes, nowNs - Math.max(image.lastUsedNs(0), image.lastUsedNs(1)), image.connection(),
            hardware(slot - 1)));
    }

    private Hardware hardware(int at) {
        boolean isWanted = (image.state(0) & FlowLine.WANTED) != 0;
        int obstacles = (isWanted ? 0 : HardwareObstacle.NOT_ASKED.bit())
            | (offload == null ? HardwareObstacle.NO_NIC.bit() : offload.obstacles(at));
        return new Hardware(obstacles == 0 && (image.state(0) & FlowLine.HARDWARE) != 0, obstacles);
    }

    private Answer answer() {
        List<Row> sorted = new ArrayList<>(rows);
        sorted.sort(Comparator.comparingLong(Row::weight).reversed());
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        var table = new TextTable("protocol", "source", "target", ">packets", ">bytes", ">packets back", ">bytes back",
            ">idle s", "in hardware");
        for (Row row : sorted) {
            double idle = Math.max(0, row.idleNs / NS_PER_SECOND);
            array.addObject().put("protocol", row.protocol).put("source", row.source).put("target", row.target)
                .put("packets", row.packets[0]).put("bytes", row.bytes[0]).put("replyPackets", row.packets[1])
                .put("replyBytes", row.bytes[1]).put("idleNs", row.idleNs).put("connection", row.connection)
                .put("inHardware", row.hardware.isThere()).set("hardwareObstacles", names(row.hardware));
            table.row(row.protocol, row.source, row.target, Quantity.count(row.packets[0]),
                Quantity.count(row.bytes[0]), Quantity.count(row.packets[1]), Quantity.count(row.bytes[1]),
                String.format(Locale.ROOT, "%.1f", idle), row.hardware.text());
        }
        if (isJson) return Answer.json(array);
        var text = new StringBuilder();
        table.appendTo(text);
        text.append('\n').append(Quantity.count(flowCount)).append(" flows\n");
        return Answer.text(text);
    }

    private static ArrayNode names(Hardware hardware) {
        ArrayNode names = JsonNodeFactory.instance.arrayNode();
        HardwareObstacle.of(hardware.obstacles()).forEach(each -> names.add(each.name()));
        return names;
    }
}
