package io.millrace.flow.ruleset;

/// A change that Linux would refuse. Nothing of the refused change has been done to the draft, but a draft that was
/// refused anything is not to be committed.
public final class RulesetRefusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final Errno errno;
    private final Part part;
    private final transient Statement statement;

    /// Which part of a command is at fault. `STATEMENT`: [#statement].
    public enum Part { TABLE, NAME, HANDLE, WHOLE, STATEMENT }

    RulesetRefusal(Errno errno, Part part) {
        this(errno, part, null);
    }

    RulesetRefusal(Errno errno, Statement statement) {
        this(errno, Part.STATEMENT, statement);
    }

    private RulesetRefusal(Errno errno, Part part, Statement statement) {
        super("Could not process rule: " + errno.text());
        this.errno = errno;
        this.part = part;
        this.statement = statement;
    }

    public Errno errno() {
        return errno;
    }

    public Part part() {
        return part;
    }

    /// The statement at fault (that very object), or null.
    public Statement statement() {
        return statement;
    }
}
