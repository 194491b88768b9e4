package io.millrace.dataplane.offload;

/// What a NIC did wrong, as its driver notices it. Each is counted, and made good.
public enum DeviceFault {

    COMPLETION_LOST("no completion in time: the command is given again"),
    COMPLETION_STRAY("a completion of nothing that is waited for: repeated, or too late"),
    LIE("said to be done, and not done: the command is given again"),
    ENTRY_LOST("an entry that was added is not there: back to software"),
    FULL_EARLY("full before its limit: what it holds is taken for its limit for a while"),
    WRONG_COUNTER("a counter went back, stands still, or cannot be: read again; in the end back to software"),
    ENTRY_UNKNOWN("holds an entry that was not confirmed: looked up and removed"),
    LINK_DOWN("a wire was disconnected: its flows are back in software"),
    STUCK_QUEUE("a queue was left alone while the device had time: begun anew"),
    WRONG_SUM("a right packet was called wrong by the checksum unit: summed in software");

    private final String meaning;

    DeviceFault(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() { return meaning; }
}
