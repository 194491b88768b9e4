package io.millrace.flow.ruleset;

/// The kinds of named object of a table. Each kind has names of its own.
public enum ObjectKind {
    COUNTER("counter"), QUOTA("quota"), CT_HELPER("ct helper"), LIMIT("limit"), CT_TIMEOUT("ct timeout"),
    SECMARK("secmark"), CT_EXPECTATION("ct expectation"), SYNPROXY("synproxy");

    private final String text;

    ObjectKind(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
