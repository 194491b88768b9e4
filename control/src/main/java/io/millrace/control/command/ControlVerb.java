package io.millrace.control.command;

import java.util.List;

/// A verb of the control socket. Run on the control thread, one at a time.
public interface ControlVerb {

    /// The first word of its commands.
    String name();

    /// Each form of it in one line, for `help`: `ip addr [show [dev PORT]]`.
    List<String> usage();

    /// Carries out a command whose first word, the name, is taken already.
    ///
    /// Throws a [io.millrace.control.live.Refusal], and then nothing has changed.
    Answer run(Words words, Caller caller);
}
