package io.millrace.flow.rules;

/// A ruleset holds something that is understood but cannot be executed. The message names it, and where it stands:
/// `inet fw, chain forward, rule 7: ct helper`.
public final class NotExecutable extends Exception {

    private static final long serialVersionUID = 1L;

    NotExecutable(String what) {
        super(what);
    }

    NotExecutable at(String place) {
        return new NotExecutable(place + ": " + getMessage());
    }
}
