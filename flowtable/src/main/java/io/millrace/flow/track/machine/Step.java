package io.millrace.flow.track.machine;

/// What a machine decided about one packet, in an object that is used again: the outcome, and what else changes.
public final class Step {

    private Outcome outcome = Outcome.INVALID;
    private long timeoutNs;
    private boolean isAssured;
    private boolean isNewState;
    private boolean isDoubted;

    /// For the next packet: INVALID.
    public Step begin() {
        outcome = Outcome.INVALID;
        timeoutNs = 0;
        isAssured = false;
        isNewState = false;
        isDoubted = false;
        return this;
    }

    void accept(long timeoutNs) {
        this.outcome = Outcome.ACCEPT;
        this.timeoutNs = timeoutNs;
    }

    void pass()           { outcome = Outcome.PASS; }
    void repeat()         { outcome = Outcome.REPEAT; }
    void end()            { outcome = Outcome.END; }
    void assured()        { isAssured = true; }
    void newState()       { isNewState = true; }
    void doubted()        { isDoubted = true; }

    public Outcome outcome()    { return outcome; }
    /// ACCEPT: how long the connection lives without another packet.
    public long timeoutNs()     { return timeoutNs; }
    /// The connection becomes assured: it is not dropped early when the table is full.
    public boolean isAssured()  { return isAssured; }
    /// The protocol's state is another one than before.
    public boolean isNewState() { return isNewState; }
    /// INVALID: both sides say that they close, in packets out of the window. The timeout falls to
    /// `tcp_timeout_unacknowledged` if two minutes or more are left.
    public boolean isDoubted()  { return isDoubted; }
}
