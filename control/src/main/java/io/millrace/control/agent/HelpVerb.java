package io.millrace.control.agent;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Caller;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.Words;

import java.util.Collection;
import java.util.List;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `help`: every form of every verb, a line each.
final class HelpVerb implements ControlVerb {

    private final Collection<ControlVerb> verbs;

    /// @param verbs looked at when asked: may still grow
    HelpVerb(Collection<ControlVerb> verbs) {
        this.verbs = verbs;
    }

    @Override
    public String name() {
        return "help";
    }

    @Override
    public List<String> usage() {
        return List.of("help");
    }

    @Override
    public Answer run(Words words, Caller caller) {
        words.end("help");
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        var text = new StringBuilder();
        for (ControlVerb verb : verbs) {
            ObjectNode node = array.addObject().put("name", verb.name());
            ArrayNode forms = node.putArray("usage");
            for (String line : verb.usage()) {
                text.append(line).append('\n');
                forms.add(line);
            }
        }
        return words.isJson() ? Answer.json(array) : Answer.text(text);
    }
}
