package io.millrace.dataplane.neighbour;

/// What became of a change to the neighbours. The texts are those that Linux gives `ip neigh`.
public enum NeighbourResult {

    DONE(""),
    EXISTS("RTNETLINK answers: File exists"),
    NOT_FOUND("RTNETLINK answers: No such file or directory"),
    INTERFACE_UNKNOWN("RTNETLINK answers: No such device"),
    STATE_REFUSED("RTNETLINK answers: Invalid argument"),
    TABLE_FULL("RTNETLINK answers: No buffer space available");

    private final String meaning;

    NeighbourResult(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() { return meaning; }
}
