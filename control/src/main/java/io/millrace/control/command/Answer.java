package io.millrace.control.command;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// What a command gives back: text for people, or a value for programs if they asked for one.
///
/// @param status exit status of the tool that the verb follows
/// @param text   with its line ends; empty where there is nothing to say
/// @param value  null for text
public record Answer(int status, String text, JsonNode value) {

    /// Done, and nothing to say.
    public static final Answer DONE = new Answer(0, "", null);

    public static Answer text(CharSequence text) {
        return new Answer(0, text.toString(), null);
    }

    public static Answer json(JsonNode value) {
        return new Answer(0, "", value);
    }

    /// What a program gets that asked for a value: an empty array where there is none.
    public JsonNode valueOrNothing() {
        return value == null ? JsonNodeFactory.instance.arrayNode() : value;
    }
}
