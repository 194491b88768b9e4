package io.millrace.flow.flower.engine;

import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerMatch;
import io.millrace.flow.flower.FlowerPlace;

import java.util.ArrayList;
import java.util.List;

/// The filters of one priority of a chain, by mask shape in the order in which the shapes came, unless a filter names
/// its [FlowerPlace]: the first shape in which a filter matches decides, as in Linux's `cls_flower`.
final class FlowerPriority {

    private final int priority;
    private final int protocol;
    private final List<MaskTable> masks = new ArrayList<>();
    private MaskTable[] inOrder = new MaskTable[0];

    FlowerPriority(int priority, int protocol) {
        this.priority = priority;
        this.protocol = protocol;
    }

    int priority() {
        return priority;
    }

    boolean isFor(int firstType) {
        return protocol == FlowerFilter.ALL || protocol == firstType;
    }

    boolean isEmpty() {
        return masks.isEmpty();
    }

    /// The filter that decides about the packet, or null. One that is not to be met is passed over, and the next shape
    /// is tried.
    FlowerRule find(PacketKey key, FlowerRule[] rules, Met met) {
        for (MaskTable mask : inOrder) {
            int found = mask.find(key);
            if (found == MaskTable.NONE) continue;
            FlowerRule rule = rules[found];
            boolean isMet = switch (met) {
                case ALL -> true;
                case SOFTWARE -> !rule.skipsSoftware();
                case SOFTWARE_ALONE -> !rule.skipsSoftware() && !rule.isInHardware();
            };
            if (isMet) return rule;
        }
        return null;
    }

    /// Which filters a packet meets.
    enum Met {
        ALL,
        /// Those that do not skip software.
        SOFTWARE,
        /// Those of them that hardware does not have.
        SOFTWARE_ALONE
    }

    void add(FlowerRule rule) {
        MaskTable mask = maskOf(rule.match());
        if (mask == null) {
            mask = new MaskTable(rule.match(), rule.place().shape());
            masks.add(placeOf(mask), mask);
            inOrder = masks.toArray(MaskTable[]::new);
        }
        mask.add(rule);
    }

    private int placeOf(MaskTable added) {
        int place = masks.size();
        while (place > 0 && masks.get(place - 1).place() > added.place()) place--;
        return place;
    }

    void replace(FlowerRule old, FlowerRule rule) {
        maskOf(old.match()).replace(old, rule);
    }

    void remove(FlowerRule rule) {
        MaskTable mask = maskOf(rule.match());
        mask.remove(rule);
        if (!mask.isEmpty()) return;
        masks.remove(mask);
        inOrder = masks.toArray(MaskTable[]::new);
    }

    private MaskTable maskOf(FlowerMatch match) {
        for (MaskTable mask : inOrder) {
            if (mask.isFor(match)) return mask;
        }
        return null;
    }
}
