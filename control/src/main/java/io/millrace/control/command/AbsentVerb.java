package io.millrace.control.command;

import io.millrace.control.live.Refusal;

import java.util.List;

/// A verb whose subject this version does not have: says so, whatever follows.
///
/// @param subject `connection tracking`
public record AbsentVerb(String name, String subject) implements ControlVerb {

    @Override
    public List<String> usage() {
        return List.of(name + ": " + subject + " is not in this version");
    }

    @Override
    public Answer run(Words words, Caller caller) {
        throw new Refusal(1, usage().getFirst());
    }
}
