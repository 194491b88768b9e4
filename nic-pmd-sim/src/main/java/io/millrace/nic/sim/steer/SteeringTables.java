package io.millrace.nic.sim.steer;

import java.util.Arrays;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/// All tables by which one port chooses a queue, as they are at one moment. Immutable; a change makes another, and the
/// device goes over to it between two bursts.
///
/// @param channelCount receive queues in use: 0 to `channelCount` − 1
/// @param standard     for packets that no rule is about
/// @param contexts     RSS contexts by their numbers, from 1
/// @param rules        receive rules by their locations
public record SteeringTables(int channelCount, HashContext standard, NavigableMap<Integer, HashContext> contexts,
                             NavigableMap<Integer, ReceiveRule> rules) {

    public SteeringTables {
        contexts = Collections.unmodifiableNavigableMap(new TreeMap<>(contexts));
        rules = Collections.unmodifiableNavigableMap(new TreeMap<>(rules));
    }

    SteeringTables with(HashContext other) {
        return new SteeringTables(channelCount, other, contexts, rules);
    }

    SteeringTables withContext(int number, HashContext context) {
        var changed = new TreeMap<>(contexts);
        if (context == null) changed.remove(number);
        else changed.put(number, context);
        return new SteeringTables(channelCount, standard, changed, rules);
    }

    SteeringTables withRule(int location, ReceiveRule rule) {
        var changed = new TreeMap<>(rules);
        if (rule == null) changed.remove(location);
        else changed.put(location, rule);
        return new SteeringTables(channelCount, standard, contexts, changed);
    }

    SteeringTables withChannels(int count, HashContext spread) {
        return new SteeringTables(count, spread, contexts, rules);
    }

    /// The highest queue that a table somebody chose, or a context, names; −1 if none does.
    public int queueMostOfTables() {
        int most = standard.isChosen() ? standard.table().queueMost() : -1;
        for (HashContext context : contexts.values()) most = Math.max(most, context.table().queueMost());
        return most;
    }

    ReceiveRule[] rulesInOrder() {
        return rules.values().toArray(ReceiveRule[]::new);
    }

    HashContext[] contextsByNumber() {
        var byNumber = new HashContext[contexts.isEmpty() ? 0 : contexts.lastKey() + 1];
        contexts.forEach((number, context) -> byNumber[number] = context);
        return byNumber;
    }

    boolean usesContext(int number) {
        return rules.values().stream().anyMatch(rule -> rule.context() == number);
    }

    /// The location of a rule that asks the same, or −1.
    int locationOf(ReceiveRule wanted) {
        return Arrays.stream(rulesInOrder()).filter(wanted::asksTheSame).mapToInt(ReceiveRule::location)
            .findFirst().orElse(-1);
    }
}
