package io.millrace.control;

import io.millrace.control.verb.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Stands for a verb that a module above adds.
@Command(name = "sample-verb")
public final class SampleVerb implements Verb {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println("found");
        return 7;
    }
}
