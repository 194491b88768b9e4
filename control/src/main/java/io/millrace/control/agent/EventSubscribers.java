package io.millrace.control.agent;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Caller;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.Words;
import io.millrace.control.event.ControlEvent;

import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `subscribe`: from now on the client is sent each control event, as a notification `event`. One that does not read
/// loses events, and is told how many with the next that it gets.
final class EventSubscribers implements ControlVerb {

    private static final class Subscriber {
        private final Caller caller;
        private long lostCount;

        private Subscriber(Caller caller) {
            this.caller = caller;
        }
    }

    private final List<Subscriber> subscribers = new ArrayList<>();

    @Override
    public String name() {
        return "subscribe";
    }

    @Override
    public List<String> usage() {
        return List.of("subscribe");
    }

    @Override
    public Answer run(Words words, Caller caller) {
        words.end("subscribe");
        subscribers.add(new Subscriber(caller));
        return Answer.DONE;
    }

    boolean isAny() {
        return !subscribers.isEmpty();
    }

    void publish(ControlEvent event) {
        subscribers.removeIf(each -> !each.caller.isConnected());
        for (Subscriber each : subscribers) {
            ObjectNode params = JsonNodeFactory.instance.objectNode().put("name", event.name());
            if (each.lostCount > 0) params.put("lost", each.lostCount);
            params.set("event", event.describe(JsonNodeFactory.instance.objectNode()));
            if (each.caller.tell("event", params)) each.lostCount = 0;
            else each.lostCount++;
        }
    }
}
