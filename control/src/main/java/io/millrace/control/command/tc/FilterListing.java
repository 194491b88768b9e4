package io.millrace.control.command.tc;

import io.millrace.control.live.TrafficControl;
import io.millrace.control.live.TrafficControl.Hook;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.block.FlowerBlock;
import io.millrace.flow.flower.block.FlowerEntry;
import io.millrace.flow.flower.block.HardwareCounts;

import java.util.List;
import java.util.Locale;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Filters as `tc filter show` prints them, as text and as a value. Counters are read by the worker, all of a hook at
/// once.
final class FilterListing {

    private final TrafficControl control;
    private final TcPorts ports;
    private final boolean hasStatistics;
    private final boolean isHookShown;
    private final StringBuilder text = new StringBuilder();
    private final ArrayNode all = JsonNodeFactory.instance.arrayNode();

    /// @param isHookShown the command did not name the hook
    FilterListing(TrafficControl control, TcPorts ports, boolean hasStatistics, boolean isHookShown) {
        this.control = control;
        this.ports = ports;
        this.hasStatistics = hasStatistics;
        this.isHookShown = isHookShown;
    }

    String text()   { return text.toString(); }
    JsonNode json() { return all; }

    /// @param hasHeads a line for each priority goes before its filters
    void add(FlowerBlock block, List<FlowerEntry> entries, Hook hook, boolean hasHeads) {
        control.onWorker(nowNs -> {
            FlowerFilter before = null;
            for (FlowerEntry entry : entries) {
                FlowerFilter filter = entry.filter();
                boolean isNew = before == null || before.priority() != filter.priority()
                    || before.chain() != filter.chain();
                if (hasHeads && isNew) {
                    head(filter, hook);
                    text.append('\n');
                }
                before = filter;
                filter(block, entry, hook, nowNs);
            }
            return null;
        });
    }

    private ObjectNode head(FlowerFilter filter, Hook hook) {
        ObjectNode node = all.addObject();
        text.append("filter ");
        if (isHookShown) {
            String word = hook.name().toLowerCase(Locale.ROOT);
            text.append(word).append(' ');
            node.put("parent", word);
        }
        String protocol = TcProtocols.name(filter.protocol());
        text.append("protocol ").append(protocol).append(" pref ").append(filter.priority()).append(" flower chain ")
            .append(filter.chain()).append(' ');
        return node.put("protocol", protocol).put("pref", filter.priority()).put("kind", "flower")
            .put("chain", filter.chain());
    }

    private void filter(FlowerBlock block, FlowerEntry entry, Hook hook, long nowNs) {
        FlowerFilter filter = entry.filter();
        ObjectNode options = head(filter, hook).putObject("options");
        text.append("handle 0x").append(Integer.toHexString(filter.handle())).append(' ');
        options.put("handle", Integer.toUnsignedLong(filter.handle()));
        if (filter.classId() != 0) {
            String id = Integer.toHexString(filter.classId() >>> 16) + ":"
                + Integer.toHexString(filter.classId() & 0xffff);
            text.append("classid ").append(id).append(' ');
            options.put("classid", id);
        }
        new KeyText(text, options.putObject("keys"), ports).add(filter.match());
        flag("skip_hw", filter.flags().skipsHardware(), options);
        flag("skip_sw", filter.flags().skipsSoftware(), options);
        flag("in_hw", entry.isInHardware(), options);
        if (entry.isInHardware()) {
            text.append(" in_hw_count 1");
            options.put("in_hw_count", 1);
        }
        flag("not_in_hw", !entry.isInHardware(), options);
        actions(block, entry, options, nowNs);
        text.append('\n');
    }

    private void flag(String name, boolean isSet, ObjectNode options) {
        if (!isSet) return;
        text.append("\n  ").append(name);
        options.put(name, true);
    }

    private void actions(FlowerBlock block, FlowerEntry entry, ObjectNode options, long nowNs) {
        List<?> actions = entry.filter().actions();
        if (actions.isEmpty()) return;
        ArrayNode array = options.putArray("actions");
        var hardware = new HardwareCounts();
        boolean hasHardware = hasStatistics && block.hardwareCounts(entry, hardware);
        for (int i = 0; i < actions.size(); i++) {
            ObjectNode node = array.addObject().put("order", i + 1);
            text.append("\n\taction order ").append(i + 1).append(": ");
            var action = new ActionText(text, node, ports);
            action.add(entry.filter().actions().get(i), entry.actionIndex(i));
            if (hasStatistics) action.addTimes(entry.rule().counters(i), hasHardware ? hardware : null, nowNs);
            action.end();
            if (hasStatistics) action.addCounters(entry.rule().counters(i), hasHardware ? hardware : null);
        }
    }
}
