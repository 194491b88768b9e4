package io.millrace.flow.flower.engine;

import io.millrace.flow.flower.FlowerFilter;

import java.util.ArrayList;
import java.util.List;

/// One chain of a table: its priorities, the lowest number first.
final class FlowerChain {

    private final int index;
    private final List<FlowerPriority> priorities = new ArrayList<>();
    private FlowerPriority[] inOrder = new FlowerPriority[0];

    FlowerChain(int index) {
        this.index = index;
    }

    int index() {
        return index;
    }

    int priorityCount() {
        return inOrder.length;
    }

    FlowerPriority priority(int place) {
        return inOrder[place];
    }

    boolean isEmpty() {
        return inOrder.length == 0;
    }

    void add(FlowerRule rule) {
        FlowerFilter filter = rule.filter();
        int place = placeOf(filter.priority());
        if (place == priorities.size() || priorities.get(place).priority() != filter.priority()) {
            priorities.add(place, new FlowerPriority(filter.priority(), filter.protocol()));
            inOrder = priorities.toArray(FlowerPriority[]::new);
        }
        priorities.get(place).add(rule);
    }

    void replace(FlowerRule old, FlowerRule rule) {
        priorities.get(placeOf(old.filter().priority())).replace(old, rule);
    }

    void remove(FlowerRule rule) {
        int place = placeOf(rule.filter().priority());
        priorities.get(place).remove(rule);
        if (!priorities.get(place).isEmpty()) return;
        priorities.remove(place);
        inOrder = priorities.toArray(FlowerPriority[]::new);
    }

    /// The first place whose priority is not below this one.
    private int placeOf(int priority) {
        int place = 0;
        while (place < priorities.size() && priorities.get(place).priority() < priority) place++;
        return place;
    }
}
