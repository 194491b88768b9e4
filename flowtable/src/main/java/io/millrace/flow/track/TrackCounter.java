package io.millrace.flow.track;

/// The counters of connection tracking in the order and by the names of `conntrack -S`.
public enum TrackCounter {

    FOUND("found"),
    INVALID("invalid"),
    INSERT("insert"),
    INSERT_FAILED("insert_failed"),
    DROP("drop"),
    EARLY_DROP("early_drop"),
    ERROR("error"),
    SEARCH_RESTART("search_restart"),
    CLASH_RESOLVE("clash_resolve"),
    CHAIN_TOO_LONG("chaintoolong");

    private final String text;

    TrackCounter(String text) {
        this.text = text;
    }

    public String text() { return text; }
}
