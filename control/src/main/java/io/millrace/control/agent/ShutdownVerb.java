package io.millrace.control.agent;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Caller;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.Words;

import java.util.List;

/// `shutdown`: ends the run as a signal does. Answered first.
final class ShutdownVerb implements ControlVerb {

    private final Runnable shutdown;

    ShutdownVerb(Runnable shutdown) {
        this.shutdown = shutdown;
    }

    @Override
    public String name() {
        return "shutdown";
    }

    @Override
    public List<String> usage() {
        return List.of("shutdown");
    }

    @Override
    public Answer run(Words words, Caller caller) {
        words.end("shutdown");
        shutdown.run();
        return Answer.DONE;
    }
}
