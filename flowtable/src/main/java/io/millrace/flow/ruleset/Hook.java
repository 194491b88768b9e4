package io.millrace.flow.ruleset;

/// A place on a packet's way where base chains run.
public enum Hook {
    INGRESS("ingress"), EGRESS("egress"), PREROUTING("prerouting"), INPUT("input"), FORWARD("forward"),
    OUTPUT("output"), POSTROUTING("postrouting");

    private final String text;

    Hook(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
