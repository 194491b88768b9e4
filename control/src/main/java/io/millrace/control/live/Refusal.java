package io.millrace.control.live;

/// Why a command was not carried out. Nothing has changed.
///
/// The message is what the operator reads, in the words of the tool that the verb follows where it has words; the
/// status is that tool's exit status.
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    public Refusal(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
