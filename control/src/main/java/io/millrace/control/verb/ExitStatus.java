package io.millrace.control.verb;

/// What a process tells the one that started it.
public final class ExitStatus {

    public static final int FINE = 0;
    /// The work was done, but something was wrong with the input: a damaged capture.
    public static final int WARNING = 1;
    /// The input cannot be worked on; nothing was written.
    public static final int WRONG_INPUT = 2;
    /// Millrace has a bug.
    public static final int BUG = 3;

    private ExitStatus() {}
}
