package io.millrace.nic.sim.mailbox;

/// How a command ended, in Linux's words for it.
public enum CommandResult {

    DONE("done"),
    INVALID("Invalid argument"),
    NO_SPACE("No space left on device"),
    EXISTS("File exists"),
    NOT_FOUND("No such file or directory"),
    BUSY("Device or resource busy"),
    UNSUPPORTED("Operation not supported"),
    /// The object that the command names is no more, or another has its place.
    STALE("Stale file handle");

    private final String meaning;

    CommandResult(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() { return meaning; }
}
