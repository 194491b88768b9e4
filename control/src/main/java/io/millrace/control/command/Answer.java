package io.millrace.control.command;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// What a command gives back: text for people, or a value for programs if they asked for one.
///
/// @param status exit status of the tool that the verb follows
/// @param text   with its line ends; empty where there is nothing to say
/// @param note   what the tool says on its standard error though all went well; empty where nothing
/// @param value  null for text
/// @param rest   null, or what is still to be done before there is an answer: then this is none
public record Answer(int status, String text, String note, JsonNode value, Steps rest) {

    /// Done, and nothing to say.
    public static final Answer DONE = text("");

    /// An answer at once, without a note.
    public Answer(int status, String text, JsonNode value) {
        this(status, text, "", value, null);
    }

    public static Answer text(CharSequence text) {
        return new Answer(0, text.toString(), null);
    }

    public static Answer json(JsonNode value) {
        return new Answer(0, "", value);
    }

    /// There is no answer yet: it takes more than a turn.
    public static Answer later(Steps rest) {
        return new Answer(0, "", "", null, rest);
    }

    public Answer with(int newStatus, String newNote) {
        return new Answer(newStatus, text, newNote, value, rest);
    }

    /// What a program gets that asked for a value: an empty array where there is none.
    public JsonNode valueOrNothing() {
        return value == null ? JsonNodeFactory.instance.arrayNode() : value;
    }
}
